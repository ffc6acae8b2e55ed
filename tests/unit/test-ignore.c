/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Ignore rules, compared with git itself where there is one. */

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#include "lw-ignore.h"

static gboolean
excludes (const char *rules, const char *path)
{
  g_autoptr (LwIgnore) ignore = lw_ignore_new (rules, strlen (rules));

  return lw_ignore_excludes (ignore, path);
}

static void
test_table (void)
{
  static const struct
  {
    const char *rules;
    const char *path;
    gboolean excluded;
  } table[] = {
    { "", "a", FALSE },
    { "# a\n\n", "a", FALSE },
    { "\xEF\xBB\xBF"
      "a\r\n",
      "a", TRUE },
    { "a  \n", "a", TRUE },
    { "a\\ \n", "a ", TRUE },
    { "*.csv\n!keep.csv\n", "keep.csv", FALSE },
    { "!keep.csv\n*.csv\n", "keep.csv", TRUE },
    { "data/\n", "data", FALSE },
    { "data/\n", "data/x", TRUE },
    { "data/\n", "a/data/x/y", TRUE },
    { "/data\n", "a/data", FALSE },
    { "a/data\n", "x/a/data", FALSE },
    { "**/data\n", "x/y/data/z", TRUE },
    { "data/**\n", "data", FALSE },
    { "a/**/b\n", "a/b", TRUE },
    { "a/**/b\n", "a/x/y/b", TRUE },
    { "a/*/b\n", "a/x/y/b", FALSE },
    { "\\#x\n", "#x", TRUE },
    { "\\!x\n", "!x", TRUE },
    { "[a-c]?\n", "b1", TRUE },
    { "[!a-c]\n", "b", FALSE },
    { "[[:digit:]]\n", "7", TRUE },
    { "[a\n", "[a", FALSE },
    { "?.txt\n", "한.txt", TRUE },
    { "[가-힣].txt\n", "한.txt", TRUE },
    { "*a*a*a*a*a*a*a*b\n", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", FALSE },
    /* Where azure-ai-ml and we differ from git: a file comes back from an ignored directory. */
    { "data/\n!data/keep.csv\n", "data/keep.csv", FALSE },
    { "*\n!*.py\n", "sub/a.py", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_test_message ("%s: %s", table[i].rules, table[i].path);
      g_assert_cmpint (excludes (table[i].rules, table[i].path), ==, table[i].excluded);
    }
}

/* Hostile rules end soon: exponential matching would not end at all. */
static void
test_no_blow_up (void)
{
  g_autoptr (GString) rules = g_string_new (NULL);
  g_autoptr (GString) path = g_string_new ("a");

  for (guint i = 0; i < 200; i++)
    {
      g_string_append (rules, "**/*a*a*/");
      g_string_append (path, "/aaaaaaaaaaaaaaaaaaaa");
    }
  g_string_append (rules, "b");
  g_assert_false (excludes (rules->str, path->str));
}

/* ---- The same questions to git ---- */

static const char *const files[] = {
  "a",
  "b",
  "ab",
  "abc",
  "a.c",
  "a.txt",
  ".a",
  "#a",
  "!a",
  "a b",
  "a-c",
  "]",
  "A",
  "7",
  "x*y",
  "x\\y",
  "foo/a",
  "foo/b",
  "foo/ab",
  "foo/a.txt",
  "foo/bar/a",
  "foo/bar/b",
  "foo/bar/a.c",
  "foo/bar/baz/a",
  "foo/bar/baz/b.txt",
  "bar/a",
  "bar/foo/a",
  "bar/foo/bar",
  "baz/foo/bar/a",
  "baz/a/b/c",
  "a1/b1/c1/d1",
  "a1/b1/c1/a",
  "a1/c1/a",
  "deep/a/x/b",
  "deep/a/x/y/b",
  "deep/a/b",
  "q/foo.txt",
};

static const char *const patterns[] = {
  "a",
  "b",
  "/a",
  "a/",
  "/a/",
  "foo",
  "foo/",
  "/foo",
  "/foo/",
  "foo/*",
  "foo/**",
  "**/foo",
  "**/foo/",
  "*",
  "**",
  "/*",
  "/**",
  "*/",
  "**/",
  "*/*",
  "**/*",
  "*.txt",
  "/*.txt",
  "**/*.txt",
  "foo/*.txt",
  "foo/**/a",
  "foo/**/bar",
  "foo/**/**/a",
  "**/a",
  "**/a/**",
  "**/a/**/b",
  "a/**/b",
  "deep/a/**/b",
  "deep/**/b",
  "deep/*/b",
  "deep/*/*/b",
  "deep/a/*",
  "?",
  "??",
  "a?",
  "?.?",
  "[a]",
  "[ab]",
  "[!a]",
  "[^a]",
  "[a-c]",
  "[c-a]",
  "[]a]",
  "[!]a]",
  "[a-]",
  "[-a]",
  "[a",
  "a[",
  "[]",
  "[!]",
  "[[:alpha:]]",
  "[[:digit:]]",
  "[[:foo:]]",
  "[[:alpha:]",
  "[[:]",
  "[[::]]",
  "[[:upper:][:digit:]]",
  "[[:punct:]]*",
  "[a-c]*",
  "*[a-c]",
  "\\a",
  "\\*",
  "x\\*y",
  "x\\\\y",
  "x\\y",
  "a\\",
  "\\",
  "\\#a",
  "\\!a",
  "#a",
  "a b",
  "a\\ b",
  "a ",
  "a\\ ",
  "foo/bar",
  "foo/bar/",
  "foo/bar/*",
  "foo/bar/**",
  "foo/bar/baz",
  "bar/foo",
  "*/foo",
  "*/foo/",
  "*/foo/*",
  "**/foo/*",
  "**/foo/**/bar",
  "foo*",
  "*o",
  "f*o",
  "f*",
  "*o/",
  "f*o/b*r",
  "f**r",
  "**r/a",
  "foo**",
  "**oo",
  "foo/**bar",
  "a//b",
  "//a",
  "a//",
  "/",
  "//",
  "foo\\/a",
  "foo/\\a",
  "foo[/]a",
  "foo[a/]b",
  "*.*",
  ".*",
  "*.c",
  "a.*",
  "*.[ct]*",
  "a1/**/c1",
  "a1/**/d1",
  "a1/*/c1",
  "**/c1/a",
  "a1/**/a",
  "baz/**/c",
  "baz/*/b",
  "baz/a/b/c",
  "q/*.txt",
  "!a",
  "!",
  "!/foo",
  "\ta",
  "a\t",
  "[\\]]",
  "[\\a-\\c]",
  "[a\\-c]",
  "[0-9]",
  "[!0-9]*",
  "*a*b*",
  "*?*",
};

typedef struct
{
  char *folder;
  char *rules;
  GBytes *paths; /* each ended by a zero byte */
} Git;

static GSubprocess *
git_spawn (const char *folder, GSubprocessFlags flags, const char *const *args)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (flags);
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  GSubprocess *git;

  g_subprocess_launcher_set_cwd (launcher, folder);
  g_subprocess_launcher_unsetenv (launcher, "GIT_DIR");
  g_subprocess_launcher_setenv (launcher, "GIT_CONFIG_GLOBAL", "/dev/null", TRUE);
  g_subprocess_launcher_setenv (launcher, "GIT_CONFIG_NOSYSTEM", "1", TRUE);
  g_ptr_array_add (argv, (gpointer) "git");
  for (guint i = 0; args[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) args[i]);
  g_ptr_array_add (argv, NULL);
  git = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata, &error);
  g_assert_no_error (error);
  return git;
}

static void
git_init (Git *self)
{
  static const char *const init[] = { "init", "--quiet", NULL };
  g_autoptr (GByteArray) paths = g_byte_array_new ();
  g_autoptr (GSubprocess) git = NULL;
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("lw-ignore-XXXXXX", &error);
  g_assert_no_error (error);
  self->rules = g_build_filename (self->folder, ".gitignore", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      const char *name = files[i];
      g_autofree char *path = NULL;
      g_autofree char *parent = NULL;

      path = g_build_filename (self->folder, name, NULL);
      parent = g_path_get_dirname (path);
      g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
      g_file_set_contents (path, "", 0, &error);
      g_assert_no_error (error);
      g_byte_array_append (paths, (const guint8 *) name, (guint) strlen (name) + 1);
    }
  self->paths = g_byte_array_free_to_bytes (g_steal_pointer (&paths));
  git = git_spawn (self->folder, G_SUBPROCESS_FLAGS_NONE, init);
  g_subprocess_wait_check (git, NULL, &error);
  g_assert_no_error (error);
}

static void
remove_tree (GFile *file)
{
  g_autoptr (GFileEnumerator) children = g_file_enumerate_children (
      file, G_FILE_ATTRIBUTE_STANDARD_NAME, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL, NULL);
  GFile *child = NULL;

  while (children != NULL && g_file_enumerator_iterate (children, NULL, &child, NULL, NULL)
         && child != NULL)
    remove_tree (child);
  g_assert_true (g_file_delete (file, NULL, NULL));
}

static void
git_clear (Git *self)
{
  g_autoptr (GFile) folder = g_file_new_for_path (self->folder);

  remove_tree (folder);
  g_free (self->folder);
  g_free (self->rules);
  g_bytes_unref (self->paths);
}

/* Returns: the files that git leaves out, as a set. */
static GHashTable *
git_ask (Git *self, const char *rules)
{
  static const char *const ask[] = { "check-ignore", "--no-index", "--stdin", "-z", NULL };
  g_autoptr (GHashTable) out = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GSubprocess) git = NULL;
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (GError) error = NULL;
  const char *p;
  gsize length;

  g_file_set_contents (self->rules, rules, -1, &error);
  g_assert_no_error (error);
  git = git_spawn (self->folder, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                   ask);
  g_subprocess_communicate (git, self->paths, NULL, &answer, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_subprocess_get_exit_status (git), <=, 1);
  p = g_bytes_get_data (answer, &length);
  for (gsize i = 0; i < length; i += strlen (p + i) + 1)
    g_hash_table_add (out, g_strdup (p + i));
  return g_steal_pointer (&out);
}

static guint
compare (Git *git, const char *rules, gboolean top_only)
{
  g_autoptr (GHashTable) left_out = git_ask (git, rules);
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      gboolean expected = g_hash_table_contains (left_out, files[i]);

      if (top_only && strchr (files[i], '/') != NULL)
        continue;
      if (excludes (rules, files[i]) != expected)
        g_error ("%s against %s: git says %d", rules, files[i], expected);
      n++;
    }
  return n;
}

static char *
random_pattern (GRand *random)
{
  static const char *const pieces[]
      = { "a",   "b", "foo", "bar", "*",    "**",  "/",   "/",     "?",   "/*",   "**/",
          "/**", ".", "c1",  "[a]", "[!b]", "txt", "\\a", "[a-f]", "baz", "deep", "x" };
  g_autoptr (GString) pattern = g_string_new (NULL);
  gint n = g_rand_int_range (random, 1, 6);

  while (n-- > 0)
    g_string_append (pattern, pieces[g_rand_int_range (random, 0, G_N_ELEMENTS (pieces))]);
  return g_string_free (g_steal_pointer (&pattern), FALSE);
}

/* Against its own manual, git takes the "**" of "f**" followed by "/" for a segment, as it cuts off
 * the letters before the first star. azure-ai-ml does not, nor do we. */
static gboolean
is_oddity (const char *pattern)
{
  for (const char *p = strstr (pattern, "**"); p != NULL; p = strstr (p + 1, "**"))
    if (p > pattern && p[-1] != '/' && strchr (pattern, '/') != NULL)
      return TRUE;
  return FALSE;
}

static void
test_against_git (void)
{
  g_autofree char *program = g_find_program_in_path ("git");
  g_autoptr (GRand) random = g_rand_new_with_seed (20260408);
  Git git = { NULL };
  guint n = 0;

  if (program == NULL)
    {
      g_test_skip ("git is not installed");
      return;
    }
  git_init (&git);
  for (guint i = 0; i < G_N_ELEMENTS (patterns); i++)
    n += compare (&git, patterns[i], FALSE);
  for (guint i = 0; i < 150; i++)
    {
      g_autofree char *pattern = random_pattern (random);

      n += is_oddity (pattern) ? 0 : compare (&git, pattern, FALSE);
    }
  /* Several rules with "!": where git never re-includes below a directory, only the top is asked.
   */
  for (guint i = 0; i < 80; i++)
    {
      const gint last = G_N_ELEMENTS (patterns);
      g_autofree char *rules
          = g_strdup_printf ("%s\n!%s\n%s\n!%s\n", patterns[g_rand_int_range (random, 0, last)],
                             patterns[g_rand_int_range (random, 0, last)],
                             patterns[g_rand_int_range (random, 0, last)],
                             patterns[g_rand_int_range (random, 0, last)]);

      n += compare (&git, rules, TRUE);
    }
  g_test_message ("%u answers of git compared", n);
  git_clear (&git);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ignore/table", test_table);
  g_test_add_func ("/ignore/no-blow-up", test_no_blow_up);
  g_test_add_func ("/ignore/against-git", test_against_git);
  return g_test_run ();
}
