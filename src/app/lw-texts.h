/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-advice.h"
#include "lw-steps.h"

G_BEGIN_DECLS

/* Sentences and words for people that more than one widget needs. Main thread. */

/** lw_texts_get_step_title: Returns: "Sign In", … */
const char *lw_texts_get_step_title (LwStepKind kind);

/** lw_texts_get_step_state: Returns: the word beside the icon: "Ready", "Done", … */
const char *lw_texts_get_step_state (LwStepState state);

/** lw_texts_get_cloud: Returns: what people call the cloud @cloud_id */
const char *lw_texts_get_cloud (const char *cloud_id);

/** lw_texts_get_store_label: Returns: what a keyring manager shows for the kept sign-in */
const char *lw_texts_get_store_label (void);

/** lw_texts_dup_duration: Returns: (transfer full): "8 s", "2 min 5 s", "1 h 12 min" */
char *lw_texts_dup_duration (gint64 duration_us);

/** lw_texts_dup_usual: Returns: (transfer full) (nullable): "usually 2 to 5 minutes"; %NULL when
 *   @max_s is not positive */
char *lw_texts_dup_usual (int min_s, int max_s);

/** lw_texts_dup_money: Returns: (transfer full): @usd in US dollars, e.g. "$0.19" */
char *lw_texts_dup_money (double usd);

/** lw_texts_dup_time: Returns: (transfer full): time of day, with the date when it is not today */
char *lw_texts_dup_time (gint64 time_us);

/**
 * LwErrorTexts: what the person reads about an error
 * @title: what happened, in a few words
 * @meaning: what it means for the lab
 * @todo: (nullable): what to do
 */
typedef struct
{
  const char *title;
  const char *meaning;
  const char *todo;
} LwErrorTexts;

/** lw_texts_fill_error: the texts of the advice @id, in the present language; those of "unknown"
 *   when there is none of that name. Returns: %FALSE in that case */
gboolean lw_texts_fill_error (const char *id, LwErrorTexts *texts);

/** lw_texts_get_advice_button: Returns: (nullable): label of a button for @action */
const char *lw_texts_get_advice_button (LwAdviceAction action);

G_END_DECLS
