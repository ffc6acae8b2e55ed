/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Interpreters. Each is started once with a small program that imports what is asked for and tells
 * what happened, one line of JSON at a time, so that a crash in one module does not hide the rest.
 * An LwPython never changes once made: any thread may hold one. */

#include "lw-python.h"

#include <json-glib/json-glib.h>

#include "lw-script-run.h"

/* A line that begins so is ours; modules may print what they like. */
#define MARK "\x1e" "lw-python:"

/* Python 2 must be able to say that it is Python 2. */
static const char probe_program[] =
  "import sys, json\n"
  "sys.path[:] = [p for p in sys.path if p]\n"
  "def say(**what):\n"
  "    sys.stdout.write('\\n" MARK "' + json.dumps(what) + '\\n')\n"
  "    sys.stdout.flush()\n"
  "say(version='.'.join(str(n) for n in sys.version_info[:3]), prefix=sys.prefix)\n"
  "for name in sys.argv[1:]:\n"
  "    say(begin=name)\n"
  "    try:\n"
  "        __import__(name)\n"
  "    except BaseException as e:\n"
  "        say(module=name, exception=type(e).__name__, message=str(e)[:500])\n"
  "    else:\n"
  "        say(module=name)\n";

/* What an interpreter says is kept up to here. */
#define MAX_OUTPUT (256 * 1024)

/* A failure is told by its last line, up to here. */
#define MAX_FAILURE 500

static void
lack_free (gpointer data)
{
  LwPythonLack *self = data;

  g_free (self->module);
  g_free (self->exception);
  g_free (self->message);
  g_free (self);
}

static LwPython *
python_new (const char *path, LwPythonKind kind)
{
  LwPython *self = g_atomic_rc_box_new0 (LwPython);

  self->path = g_strdup (path);
  self->kind = kind;
  self->lacks = g_ptr_array_new_with_free_func (lack_free);
  return self;
}

static void
python_clear (gpointer data)
{
  LwPython *self = data;

  g_free (self->path);
  g_free (self->version);
  g_free (self->prefix);
  g_free (self->failure);
  g_ptr_array_unref (self->lacks);
}

LwPython *
lw_python_ref (LwPython *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

void
lw_python_unref (LwPython *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, python_clear);
}

gboolean
lw_python_is_usable (const LwPython *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->version != NULL && self->failure == NULL && self->lacks->len == 0;
}

/* Asking one interpreter */

static void
add_lack (LwPython *self, const char *module, const char *exception, const char *message)
{
  LwPythonLack *lack = g_new0 (LwPythonLack, 1);

  lack->module = g_strdup (module);
  lack->exception = g_strdup (exception);
  lack->message = g_strdup (message);
  g_ptr_array_add (self->lacks, lack);
}

static const char *
member (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, NULL);
}

/* One line of the small program. @pending is the module whose import has begun. */
static void
read_word (LwPython *self, const char *line, char **pending)
{
  g_autoptr (JsonNode) node = json_from_string (line, NULL);
  JsonObject *object;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return;
  object = json_node_get_object (node);
  if (member (object, "version") != NULL && self->version == NULL)
    {
      self->version = g_strdup (member (object, "version"));
      self->prefix = g_strdup (member (object, "prefix"));
    }
  else if (member (object, "begin") != NULL)
    {
      g_free (*pending);
      *pending = g_strdup (member (object, "begin"));
    }
  else if (member (object, "module") != NULL)
    {
      g_clear_pointer (pending, g_free);
      if (member (object, "exception") != NULL)
        add_lack (self, member (object, "module"), member (object, "exception"),
                  member (object, "message"));
    }
}

/* The last line that says something and is not ours. */
static char *
dup_last_words (char **lines)
{
  for (gsize i = g_strv_length (lines); i > 0; i--)
    {
      char *line = g_strstrip (lines[i - 1]);

      if (*line != '\0' && !g_str_has_prefix (line, MARK))
        return g_utf8_substring (line, 0, MIN (g_utf8_strlen (line, -1), MAX_FAILURE));
    }
  return g_strdup ("");
}

static void
read_answer (LwPython *self, const LwScriptRunResult *result)
{
  g_auto (GStrv) lines = g_strsplit (result->output, "\n", -1);
  g_autofree char *pending = NULL;

  for (gsize i = 0; lines[i] != NULL; i++)
    {
      if (g_str_has_prefix (lines[i], MARK))
        read_word (self, lines[i] + strlen (MARK), &pending);
    }
  if (result->end == LW_SCRIPT_RUN_TIMED_OUT)
    self->failure = g_strdup ("timed-out");
  else if (self->version == NULL)
    self->failure = dup_last_words (lines);
  if (pending != NULL)
    {
      g_autofree char *words = dup_last_words (lines);

      add_lack (self, pending, result->end == LW_SCRIPT_RUN_TIMED_OUT ? "timed-out" : "crashed",
                words);
    }
}

LwPython *
lw_python_probe (const char *path, LwPythonKind kind, const char *const *modules, LwClock *clock,
                 GCancellable *cancellable, GError **error)
{
  g_autoptr (LwPython) self = NULL;
  g_autoptr (LwScriptRunResult) result = NULL;
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) local = NULL;
  LwScriptRunOptions options = {
    .directory = "/",
    .timeout_ms = LW_PYTHON_TIMEOUT_MS,
    .max_output = MAX_OUTPUT,
  };

  g_return_val_if_fail (path != NULL && modules != NULL, NULL);

  g_ptr_array_add (argv, (gpointer) path);
  g_ptr_array_add (argv, (gpointer) "-c");
  g_ptr_array_add (argv, (gpointer) probe_program);
  for (gsize i = 0; modules[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) modules[i]);
  g_ptr_array_add (argv, NULL);
  options.argv = (const char *const *) argv->pdata;

  self = python_new (path, kind);
  result = lw_script_run (&options, clock, cancellable, &local);
  if (result != NULL)
    read_answer (self, result);
  else if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  else
    self->failure = g_strdup (local->message);
  return g_steal_pointer (&self);
}

/* Where they are */

typedef struct
{
  char *path;
  LwPythonKind kind;
} Candidate;

static void
candidate_free (gpointer data)
{
  Candidate *self = data;

  g_free (self->path);
  g_free (self);
}

/* The same file by another way is the same interpreter, except that a virtual environment is told
 * by the place of its link: so the folder is resolved and the last part is not. */
static char *
dup_identity (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *real = realpath (folder, NULL);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *plain = g_build_filename (real != NULL ? real : folder, name, NULL);
  g_autofree char *config
      = g_build_filename (real != NULL ? real : folder, "..", "pyvenv.cfg", NULL);
  g_autofree char *target = NULL;

  if (g_file_test (config, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&plain);
  target = realpath (plain, NULL);
  return g_strdup (target != NULL ? target : plain);
}

static void
add_candidate (GPtrArray *candidates, const char *path, LwPythonKind kind)
{
  Candidate *candidate;
  g_autofree char *identity = NULL;

  if (candidates->len >= LW_PYTHON_MAX || !g_file_test (path, G_FILE_TEST_IS_EXECUTABLE) ||
      g_file_test (path, G_FILE_TEST_IS_DIR))
    return;
  identity = dup_identity (path);
  for (guint i = 0; i < candidates->len; i++)
    {
      const Candidate *other = g_ptr_array_index (candidates, i);
      g_autofree char *other_identity = dup_identity (other->path);

      if (strcmp (identity, other_identity) == 0)
        return;
    }
  candidate = g_new (Candidate, 1);
  candidate->path = g_strdup (path);
  candidate->kind = kind;
  g_ptr_array_add (candidates, candidate);
}

/* The interpreter of the environment in @folder; `python` is in each, `python3` in most. */
static void
add_environment (GPtrArray *candidates, const char *folder, LwPythonKind kind)
{
  g_autofree char *path = g_build_filename (folder, "bin", "python3", NULL);
  g_autofree char *other = g_build_filename (folder, "bin", "python", NULL);

  add_candidate (candidates, g_file_test (path, G_FILE_TEST_EXISTS) ? path : other, kind);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Every environment in a folder of environments, by name, so that the order is the same each time.
 */
static void
add_environments (GPtrArray *candidates, const char *home, const char *below, LwPythonKind kind)
{
  g_autofree char *folder = g_build_filename (home, below, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && names->len < LW_PYTHON_MAX && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (folder, g_ptr_array_index (names, i), NULL);

      add_environment (candidates, path, kind);
    }
}

static void
add_search_path (GPtrArray *candidates, const char *search_path)
{
  static const char *const names[] = { "python3", "python" };
  g_auto (GStrv) folders = g_strsplit (search_path != NULL ? search_path : "", ":", -1);

  for (gsize i = 0; folders[i] != NULL; i++)
    {
      if (!g_path_is_absolute (folders[i]))
        continue;
      for (gsize k = 0; k < G_N_ELEMENTS (names); k++)
        {
          g_autofree char *path = g_build_filename (folders[i], names[k], NULL);

          add_candidate (candidates, path, LW_PYTHON_PATH);
        }
    }
}

static void
add_home (GPtrArray *candidates, const char *home)
{
  static const char *const conda[] = { "miniconda3", "anaconda3", "miniforge3", "mambaforge" };

  add_environments (candidates, home, ".virtualenvs", LW_PYTHON_VENV);
  add_environments (candidates, home, ".local/share/virtualenvs", LW_PYTHON_VENV);
  for (gsize i = 0; i < G_N_ELEMENTS (conda); i++)
    {
      g_autofree char *folder = g_build_filename (home, conda[i], NULL);

      add_environment (candidates, folder, LW_PYTHON_CONDA);
      add_environments (candidates, folder, "envs", LW_PYTHON_CONDA);
    }
  add_environments (candidates, home, ".conda/envs", LW_PYTHON_CONDA);
  add_environment (candidates, "/opt/conda", LW_PYTHON_CONDA);
  add_environments (candidates, home, ".pyenv/versions", LW_PYTHON_PATH);
}

static GPtrArray *
collect (const LwPythonPlaces *places)
{
  GPtrArray *candidates = g_ptr_array_new_with_free_func (candidate_free);
  const char *system = places->system != NULL ? places->system : "/usr/bin/python3";

  if (places->first != NULL)
    add_candidate (candidates, places->first,
                   strcmp (places->first, system) == 0 ? LW_PYTHON_SYSTEM : LW_PYTHON_PATH);
  if (places->folder != NULL)
    {
      g_autofree char *hidden = g_build_filename (places->folder, ".venv", NULL);
      g_autofree char *plain = g_build_filename (places->folder, "venv", NULL);

      add_environment (candidates, hidden, LW_PYTHON_VENV);
      add_environment (candidates, plain, LW_PYTHON_VENV);
    }
  if (places->path == NULL && g_getenv ("VIRTUAL_ENV") != NULL)
    add_environment (candidates, g_getenv ("VIRTUAL_ENV"), LW_PYTHON_VENV);
  if (places->path == NULL && g_getenv ("CONDA_PREFIX") != NULL)
    add_environment (candidates, g_getenv ("CONDA_PREFIX"), LW_PYTHON_CONDA);
  add_search_path (candidates, places->path != NULL ? places->path : g_getenv ("PATH"));
  add_candidate (candidates, system, LW_PYTHON_SYSTEM);
  add_home (candidates, places->home != NULL ? places->home : g_get_home_dir ());
  return candidates;
}

/* A launcher (pyenv's, say) and what it launches are the same interpreter. */
static gboolean
is_known (GPtrArray *pythons, const LwPython *python)
{
  for (guint i = 0; i < pythons->len; i++)
    {
      const LwPython *other = g_ptr_array_index (pythons, i);

      if (python->prefix != NULL && g_strcmp0 (python->prefix, other->prefix) == 0 &&
          g_strcmp0 (python->version, other->version) == 0)
        return TRUE;
    }
  return FALSE;
}

GPtrArray *
lw_python_find (const LwPythonPlaces *places, const char *const *modules, LwClock *clock,
                GCancellable *cancellable, GError **error)
{
  static const LwPythonPlaces nowhere;
  g_autoptr (GPtrArray) candidates = NULL;
  g_autoptr (GPtrArray) pythons = g_ptr_array_new_with_free_func ((GDestroyNotify) lw_python_unref);

  g_return_val_if_fail (modules != NULL, NULL);
  g_return_val_if_fail (clock != NULL, NULL);

  candidates = collect (places != NULL ? places : &nowhere);
  for (guint i = 0; i < candidates->len; i++)
    {
      const Candidate *candidate = g_ptr_array_index (candidates, i);
      g_autoptr (LwPython) python = NULL;

      python
          = lw_python_probe (candidate->path, candidate->kind, modules, clock, cancellable, error);
      if (python == NULL)
        return NULL;
      if (!is_known (pythons, python))
        g_ptr_array_add (pythons, g_steal_pointer (&python));
    }
  return g_steal_pointer (&pythons);
}

LwPython *
lw_python_choose (GPtrArray *pythons)
{
  g_return_val_if_fail (pythons != NULL, NULL);

  for (guint i = 0; i < pythons->len; i++)
    {
      LwPython *python = g_ptr_array_index (pythons, i);

      if (lw_python_is_usable (python))
        return python;
    }
  return NULL;
}
