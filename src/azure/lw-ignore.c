/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Ignore rules. A pattern is cut once into segments; matching compares segments of the path with
 * them. Both levels, "**" over segments and "*" over the characters of one, are matched by the
 * same idea: only the last star ever has to be tried again, so that no pattern is slow. Immutable
 * after lw_ignore_new(), any thread. */

#include "lw-ignore.h"

#include <string.h>

typedef struct
{
  GPtrArray *segments; /* owned, char*; "**" alone is any number of segments */
  gboolean negated;
  gboolean directories_only;
  gboolean anchored; /* compared from the root on; else with the name of each segment */
} Rule;

struct _LwIgnore
{
  GPtrArray *rules; /* owned, Rule */
};

static void
rule_free (Rule *rule)
{
  g_ptr_array_unref (rule->segments);
  g_free (rule);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Rule, rule_free)

/* ---- One character against "[…]" ---- */

static gboolean
in_named_class (const char *name, gsize length, gunichar c, gboolean *known)
{
  static const struct
  {
    const char *name;
    guint flags;
  } table[] = {
    { "alnum", G_ASCII_ALNUM },   { "alpha", G_ASCII_ALPHA }, { "cntrl", G_ASCII_CNTRL },
    { "digit", G_ASCII_DIGIT },   { "graph", G_ASCII_GRAPH }, { "lower", G_ASCII_LOWER },
    { "print", G_ASCII_PRINT },   { "punct", G_ASCII_PUNCT }, { "space", G_ASCII_SPACE },
    { "xdigit", G_ASCII_XDIGIT }, { "upper", G_ASCII_UPPER },
  };

  *known = TRUE;
  if (length == 5 && strncmp (name, "blank", length) == 0)
    return c == ' ' || c == '\t';
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (strlen (table[i].name) == length && strncmp (name, table[i].name, length) == 0)
      return c < 128 && (g_ascii_table[c] & table[i].flags) != 0;
  *known = FALSE;
  return FALSE;
}

/* One member of a class, which may be written with a backslash; NULL at the end of the text. */
static const char *
read_member (const char *p, gunichar *member)
{
  if (*p == '\\')
    p++;
  if (*p == '\0')
    return NULL;
  *member = g_utf8_get_char (p);
  return g_utf8_next_char (p);
}

/* Reads the class behind its "[" and tells whether @c is in it. Returns what follows "]", or NULL
 * when the class is not complete. */
static const char *
read_class (const char *p, gunichar c, gboolean *matches)
{
  gboolean negated = *p == '!' || *p == '^';
  gboolean found = FALSE;
  const char *first;

  if (negated)
    p++;
  first = p;
  while (p != NULL && (*p != ']' || p == first))
    {
      const char *end = g_str_has_prefix (p, "[:") ? strchr (p + 2, ']') : NULL;
      gunichar from = 0, to = 0;

      if (end != NULL && end > p + 2 && end[-1] == ':')
        {
          gboolean known;

          found |= in_named_class (p + 2, (gsize) (end - p - 3), c, &known);
          p = known ? end + 1 : NULL;
          continue;
        }
      p = read_member (p, &from);
      to = from;
      if (p != NULL && p[0] == '-' && p[1] != ']' && p[1] != '\0')
        p = read_member (p + 1, &to);
      found |= p != NULL && (c == from || (c > from && c <= to));
    }
  *matches = found != negated;
  return p == NULL ? NULL : p + 1;
}

/* ---- Matching ---- */

/* One character against what stands at *@pattern, which is moved behind it. */
static gboolean
match_one (const char **pattern, gunichar c)
{
  const char *p = *pattern;
  gboolean matches = TRUE;

  if (*p == '[')
    {
      p = read_class (p + 1, c, &matches);
      g_assert (p != NULL);
    }
  else if (*p == '?')
    p++;
  else
    {
      if (*p == '\\')
        p++;
      matches = g_utf8_get_char (p) == c;
      p = g_utf8_next_char (p);
    }
  *pattern = p;
  return matches;
}

static gboolean
match_segment (const char *pattern, const char *text)
{
  const char *star = NULL; /* behind the last star */
  const char *again = NULL;

  while (*text != '\0')
    {
      const char *next = pattern;

      if (*pattern == '*')
        {
          star = ++pattern;
          again = text;
        }
      else if (*pattern != '\0' && match_one (&next, g_utf8_get_char (text)))
        {
          pattern = next;
          text = g_utf8_next_char (text);
        }
      else if (star != NULL)
        {
          pattern = star;
          again = g_utf8_next_char (again);
          text = again;
        }
      else
        return FALSE;
    }
  while (*pattern == '*')
    pattern++;
  return *pattern == '\0';
}

static gboolean
is_any (GPtrArray *segments, guint i)
{
  return strcmp (g_ptr_array_index (segments, i), "**") == 0;
}

/* @segments against the first @n_names of @names. A "**" at the end asks for something below. */
static gboolean
match_segments (GPtrArray *segments, char **names, guint n_names)
{
  guint i = 0, j = 0;
  guint star = G_MAXUINT, again = 0;

  while (j < n_names)
    if (i < segments->len && is_any (segments, i))
      {
        if (i == segments->len - 1)
          return TRUE;
        star = ++i;
        again = j;
      }
    else if (i < segments->len && match_segment (g_ptr_array_index (segments, i), names[j]))
      {
        i++;
        j++;
      }
    else if (star != G_MAXUINT)
      {
        i = star;
        j = ++again;
      }
    else
      return FALSE;
  return i == segments->len;
}

static gboolean
rule_matches (const Rule *rule, char **names, guint n_names)
{
  guint deepest = rule->directories_only ? n_names - 1 : n_names;

  for (guint depth = 1; depth <= deepest; depth++)
    if (rule->anchored ? match_segments (rule->segments, names, depth)
                       : match_segment (g_ptr_array_index (rule->segments, 0), names[depth - 1]))
      return TRUE;
  return FALSE;
}

gboolean
lw_ignore_excludes (const LwIgnore *self, const char *path)
{
  g_auto (GStrv) names = NULL;
  guint n_names;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (path != NULL && *path != '\0', FALSE);

  names = g_strsplit (path, "/", -1);
  n_names = g_strv_length (names);
  for (guint i = self->rules->len; i > 0; i--)
    {
      const Rule *rule = g_ptr_array_index (self->rules, i - 1);

      if (rule_matches (rule, names, n_names))
        return !rule->negated;
    }
  return FALSE;
}

/* ---- Reading ---- */

/* Behind what stands at @p as one unit, "[…]" and "\x" included; NULL when it is not complete. */
static const char *
skip_unit (const char *p)
{
  gboolean matches;

  if (*p == '[')
    return read_class (p + 1, 0, &matches);
  if (*p == '\\' && *++p == '\0')
    return NULL;
  return g_utf8_next_char (p);
}

/* Cuts @pattern at its slashes; NULL when nothing can match it. */
static GPtrArray *
split_segments (const char *pattern)
{
  g_autoptr (GPtrArray) segments = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) segment = g_string_new (NULL);

  while (*pattern != '\0')
    {
      const char *next = skip_unit (pattern);

      if (next == NULL)
        return NULL;
      if (next[-1] == '/' && *pattern != '[')
        {
          g_ptr_array_add (segments, g_strdup (segment->str));
          g_string_truncate (segment, 0);
        }
      else
        g_string_append_len (segment, pattern, next - pattern);
      pattern = next;
    }
  g_ptr_array_add (segments, g_strdup (segment->str));
  return g_steal_pointer (&segments);
}

/* Spaces at the end do not count, but for one behind a backslash. */
static void
trim_spaces (char *line)
{
  gsize end = 0;

  for (gsize i = 0; line[i] != '\0'; i++)
    {
      if (line[i] == '\\' && line[i + 1] != '\0')
        i++;
      else if (line[i] == ' ')
        continue;
      end = i + 1;
    }
  line[end] = '\0';
}

static Rule *
rule_new (char *line)
{
  g_autoptr (Rule) rule = NULL;
  gsize length = strlen (line);

  if (length > 0 && line[length - 1] == '\r')
    line[length - 1] = '\0';
  trim_spaces (line);
  if (*line == '\0' || *line == '#')
    return NULL;

  rule = g_new0 (Rule, 1);
  rule->negated = *line == '!';
  line += rule->negated ? 1 : 0;
  length = strlen (line);
  if (length > 0 && line[length - 1] == '/')
    {
      rule->directories_only = TRUE;
      line[length - 1] = '\0';
    }
  rule->anchored = strchr (line, '/') != NULL;
  rule->segments = split_segments (*line == '/' ? line + 1 : line);
  if (rule->segments == NULL)
    rule->segments = g_ptr_array_new_with_free_func (g_free);
  return rule->segments->len > 0 ? g_steal_pointer (&rule) : NULL;
}

LwIgnore *
lw_ignore_new (const char *text, gsize length)
{
  LwIgnore *self = g_new0 (LwIgnore, 1);
  g_autofree char *valid = g_utf8_make_valid (text, (gssize) length);
  g_auto (GStrv) lines = NULL;

  lines = g_strsplit (g_str_has_prefix (valid, "\xEF\xBB\xBF") ? valid + 3 : valid, "\n", -1);
  self->rules = g_ptr_array_new_with_free_func ((GDestroyNotify) rule_free);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      Rule *rule = rule_new (lines[i]);

      if (rule != NULL)
        g_ptr_array_add (self->rules, rule);
    }
  return self;
}

void
lw_ignore_free (LwIgnore *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->rules);
  g_free (self);
}
