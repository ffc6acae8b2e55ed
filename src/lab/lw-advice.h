/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-azure-error.h"

G_BEGIN_DECLS

/** LwAdviceAction: what a button can do about an error */
typedef enum
{
  LW_ADVICE_NONE,
  LW_ADVICE_RETRY,
  LW_ADVICE_SIGN_IN,
  LW_ADVICE_CHOOSE_SUBSCRIPTION,
  LW_ADVICE_CHOOSE_REGION,
  LW_ADVICE_NEW_NAMES,
  LW_ADVICE_REGISTER_PROVIDER,
  LW_ADVICE_REMOVE_LOCK,
  LW_ADVICE_MEMORY_ONLY,
  LW_ADVICE_UNLOCK_KEYRING,
  LW_ADVICE_PREPARE_PYTHON,
  LW_ADVICE_EDIT_JOB,
  LW_ADVICE_OPEN_LOG,
  LW_ADVICE_WAIT,
} LwAdviceAction;

/**
 * LwAdvice: one entry of the catalogue (data/advice/advice.json); immutable
 * @id: e.g. "region-refused": the texts (title, meaning, what to do) are looked up by it in the
 *   application, in both languages
 */
typedef struct
{
  const char *id;
  LwAdviceAction action;
} LwAdvice;

/**
 * LwAdviceCatalogue:
 *
 * What can be done about which error. Immutable once loaded, any thread.
 */
typedef struct _LwAdviceCatalogue LwAdviceCatalogue;

#define LW_ADVICE_FORMAT 1

/** lw_advice_catalogue_load: @bytes: the JSON; Errors: %LW_ERROR_MALFORMED naming the member,
 *   %LW_ERROR_NEWER_VERSION */
LwAdviceCatalogue *lw_advice_catalogue_load (GBytes *bytes, GError **error);
void lw_advice_catalogue_free (LwAdviceCatalogue *self);

/** lw_advice_catalogue_list_ids: Returns: (transfer full): all ids, none twice, for tests of the
 *   texts */
char **lw_advice_catalogue_list_ids (LwAdviceCatalogue *self);

/**
 * lw_advice_find:
 *
 * By what the service really says: its inner code, then its outer code (AADSTS numbers are codes),
 * then the class of its answer; for other domains the name of the code. Message text decides only
 * where a service gives nothing else (quota of ML computes, soft-deleted workspace) and the entry
 * says so with "words".
 *
 * Returns: (transfer none): never %NULL; the last entry fits everything
 */
const LwAdvice *lw_advice_find (LwAdviceCatalogue *self, const GError *error);

/** lw_advice_get: Returns: (transfer none) (nullable): the entry @id, for what is found out without
 *   an error (no Python with the packages, a script that fails) */
const LwAdvice *lw_advice_get (LwAdviceCatalogue *self, const char *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwAdviceCatalogue, lw_advice_catalogue_free)

G_END_DECLS
