/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The catalogue of advice. Loaded once, then only read, by any thread; the owner frees it. */

#include "lw-advice.h"

#include <string.h>

#include "lw-error.h"
#include "lw-json.h"
#include "lw-lab-error.h"

static const char *const action_names[] = {
  [LW_ADVICE_NONE] = "none",
  [LW_ADVICE_RETRY] = "retry",
  [LW_ADVICE_SIGN_IN] = "sign-in",
  [LW_ADVICE_CHOOSE_SUBSCRIPTION] = "choose-subscription",
  [LW_ADVICE_CHOOSE_REGION] = "choose-region",
  [LW_ADVICE_NEW_NAMES] = "new-names",
  [LW_ADVICE_REGISTER_PROVIDER] = "register-provider",
  [LW_ADVICE_REMOVE_LOCK] = "remove-lock",
  [LW_ADVICE_MEMORY_ONLY] = "memory-only",
  [LW_ADVICE_UNLOCK_KEYRING] = "unlock-keyring",
  [LW_ADVICE_PREPARE_PYTHON] = "prepare-python",
  [LW_ADVICE_EDIT_JOB] = "edit-job",
  [LW_ADVICE_OPEN_LOG] = "open-log",
  [LW_ADVICE_WAIT] = "wait",
};

static const char *const class_names[] = {
  [LW_AZURE_ERROR_REFUSED] = "refused",
  [LW_AZURE_ERROR_UNAUTHENTICATED] = "unauthenticated",
  [LW_AZURE_ERROR_CLAIMS] = "claims",
  [LW_AZURE_ERROR_FORBIDDEN] = "forbidden",
  [LW_AZURE_ERROR_NOT_FOUND] = "not-found",
  [LW_AZURE_ERROR_CONFLICT] = "conflict",
  [LW_AZURE_ERROR_THROTTLED] = "throttled",
  [LW_AZURE_ERROR_UNAVAILABLE] = "unavailable",
  [LW_AZURE_ERROR_OPERATION_FAILED] = "operation-failed",
  [LW_AZURE_ERROR_ENTRA] = "entra",
};

/* Codes, words and classes narrow each other down; what is empty does not count. Every list ends
 * with NULL. */
typedef struct
{
  LwAdvice advice; /* its id is owned */
  char **codes;    /* of a service, outer or inner, or an AADSTS number */
  char **words;    /* pieces of the message */
  char **classes;  /* of LW_AZURE_ERROR */
  char **errors;   /* names of LW_ERROR */
  char **lab;      /* names of LW_LAB_ERROR */
  gboolean any;
} Entry;

struct _LwAdviceCatalogue
{
  GPtrArray *entries; /* owned: of Entry; the last one fits everything */
};

static void
entry_free (Entry *self)
{
  g_free ((char *) self->advice.id);
  g_strfreev (self->codes);
  g_strfreev (self->words);
  g_strfreev (self->classes);
  g_strfreev (self->errors);
  g_strfreev (self->lab);
  g_free (self);
}

static gboolean
set_malformed (GError **error, LwJson at, const char *what)
{
  g_set_error (error, LW_ERROR, LW_ERROR_MALFORMED, "%s: %s", at.path, what);
  return FALSE;
}

/* ---- Loading ---- */

static char **
read_list (LwJson from, const char *member)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  LwJson array = lw_json_member (from, member);

  for (guint i = 0; i < lw_json_length (array); i++)
    {
      const char *text = lw_json_as_string (lw_json_element (array, i), NULL);

      if (text != NULL)
        g_strv_builder_add (builder, text);
    }
  return g_strv_builder_end (builder);
}

static int
find_name (const char *const *names, guint n_names, const char *name)
{
  for (guint i = 0; i < n_names; i++)
    if (g_str_equal (names[i], name))
      return (int) i;
  return -1;
}

static gboolean
check_classes (LwJson from, Entry *entry, GError **error)
{
  for (char **name = entry->classes; *name != NULL; name++)
    if (find_name (class_names, G_N_ELEMENTS (class_names), *name) < 0)
      return set_malformed (error, lw_json_member (from, "classes"), "unknown class");
  return TRUE;
}

static Entry *
read_entry (LwJson from, GError **error)
{
  const char *id = lw_json_need_string (from, "id", error);
  int action = find_name (action_names, G_N_ELEMENTS (action_names),
                          lw_json_get_string (from, "action", "none"));
  Entry *entry;

  if (id == NULL)
    return NULL;
  if (action < 0)
    {
      set_malformed (error, lw_json_member (from, "action"), "unknown action");
      return NULL;
    }
  entry = g_new0 (Entry, 1);
  entry->advice.id = g_strdup (id);
  entry->advice.action = (LwAdviceAction) action;
  entry->codes = read_list (from, "codes");
  entry->words = read_list (from, "words");
  entry->classes = read_list (from, "classes");
  entry->errors = read_list (from, "errors");
  entry->lab = read_list (from, "lab");
  entry->any = lw_json_get_boolean (from, "any", FALSE);
  if (check_classes (from, entry, error))
    return entry;
  entry_free (entry);
  return NULL;
}

static gboolean
read_entries (LwAdviceCatalogue *self, LwJson root, GError **error)
{
  LwJson entries;
  gint64 format = 0;

  if (!lw_json_need_int (root, "format", &format, error))
    return FALSE;
  if (format > LW_ADVICE_FORMAT)
    {
      g_set_error (error, LW_ERROR, LW_ERROR_NEWER_VERSION, "format %" G_GINT64_FORMAT, format);
      return FALSE;
    }
  if (!lw_json_need_array (root, "entries", &entries, error))
    return FALSE;
  for (guint i = 0; i < lw_json_length (entries); i++)
    {
      Entry *entry = read_entry (lw_json_element (entries, i), error);

      if (entry == NULL)
        return FALSE;
      g_ptr_array_add (self->entries, entry);
    }
  if (self->entries->len == 0
      || !((Entry *) g_ptr_array_index (self->entries, self->entries->len - 1))->any)
    return set_malformed (error, entries, "the last entry has to fit everything");
  return TRUE;
}

LwAdviceCatalogue *
lw_advice_catalogue_load (GBytes *bytes, GError **error)
{
  g_autoptr (LwAdviceCatalogue) self = NULL;
  g_autoptr (LwJsonDocument) document = NULL;

  g_return_val_if_fail (bytes != NULL, NULL);

  document = lw_json_parse (bytes, error);
  if (document == NULL)
    return NULL;
  self = g_new0 (LwAdviceCatalogue, 1);
  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) entry_free);
  if (!read_entries (self, lw_json_document_get_root (document), error))
    return NULL;
  return g_steal_pointer (&self);
}

void
lw_advice_catalogue_free (LwAdviceCatalogue *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->entries);
  g_free (self);
}

char **
lw_advice_catalogue_list_ids (LwAdviceCatalogue *self)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = g_ptr_array_index (self->entries, i);

      if (!g_ptr_array_find_with_equal_func (ids, entry->advice.id, g_str_equal, NULL))
        g_ptr_array_add (ids, g_strdup (entry->advice.id));
    }
  g_ptr_array_add (ids, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&ids), FALSE);
}

/* ---- Finding ---- */

static gboolean
has (char **list, const char *text)
{
  for (char **item = list; text != NULL && *item != NULL; item++)
    if (g_ascii_strcasecmp (*item, text) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
says_one_of (const char *message, char **words)
{
  for (char **word = words; *word != NULL; word++)
    if (strcasestr (message, *word) != NULL)
      return TRUE;
  return *words == NULL;
}

/* Apart from the codes. */
static gboolean
fits_azure (const Entry *entry, const GError *error)
{
  const char *class = (guint) error->code < G_N_ELEMENTS (class_names) ? class_names[error->code]
                                                                       : NULL;

  return (*entry->classes == NULL || has (entry->classes, class))
         && says_one_of (error->message, entry->words);
}

static const Entry *
find_by_code (LwAdviceCatalogue *self, const GError *error, const char *code)
{
  for (guint i = 0; code != NULL && i < self->entries->len; i++)
    {
      const Entry *entry = g_ptr_array_index (self->entries, i);

      if (has (entry->codes, code)
          && (error->domain != LW_AZURE_ERROR || fits_azure (entry, error)))
        return entry;
    }
  return NULL;
}

static const Entry *
find_by_class (LwAdviceCatalogue *self, const GError *error)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = g_ptr_array_index (self->entries, i);

      if (*entry->codes == NULL && *entry->classes != NULL && fits_azure (entry, error))
        return entry;
    }
  return NULL;
}

static const Entry *
find_azure (LwAdviceCatalogue *self, const GError *error)
{
  const Entry *entry = find_by_code (self, error, lw_azure_error_get_inner_code (error));

  if (entry == NULL)
    entry = find_by_code (self, error, lw_azure_error_get_code (error));
  return entry != NULL ? entry : find_by_class (self, error);
}

/* A sign-in that is needed tells Entra's number in front of its words (lw-account.h). */
static const Entry *
find_by_number (LwAdviceCatalogue *self, const GError *error)
{
  g_autofree char *number = NULL;

  if (error->code != LW_ERROR_SIGN_IN_NEEDED || !g_str_has_prefix (error->message, "AADSTS"))
    return NULL;
  number = g_strndup (error->message, strcspn (error->message, ": "));
  return find_by_code (self, error, number);
}

static const Entry *
find_named (LwAdviceCatalogue *self, const GError *error)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = g_ptr_array_index (self->entries, i);

      if (error->domain == LW_ERROR ? has (entry->errors, lw_error_get_name (error->code))
                                    : has (entry->lab, lw_lab_error_get_name (error->code)))
        return entry;
    }
  return NULL;
}

const LwAdvice *
lw_advice_find (LwAdviceCatalogue *self, const GError *error)
{
  const Entry *entry = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (error != NULL, NULL);

  if (error->domain == LW_AZURE_ERROR)
    entry = find_azure (self, error);
  else if (error->domain == LW_ERROR)
    entry = find_by_number (self, error);
  if (entry == NULL && (error->domain == LW_ERROR || error->domain == LW_LAB_ERROR))
    entry = find_named (self, error);
  if (entry == NULL)
    entry = g_ptr_array_index (self->entries, self->entries->len - 1);
  return &entry->advice;
}

const LwAdvice *
lw_advice_get (LwAdviceCatalogue *self, const char *id)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (id != NULL, NULL);

  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = g_ptr_array_index (self->entries, i);

      if (g_str_equal (entry->advice.id, id))
        return &entry->advice;
    }
  return NULL;
}
