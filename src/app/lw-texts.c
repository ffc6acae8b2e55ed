/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Words that several widgets share. Main thread, no state. */

#include "lw-texts.h"

#include <glib/gi18n.h>

#define MINUTE_US ((gint64) 60 * G_USEC_PER_SEC)
#define HOUR_US (60 * MINUTE_US)

static const char *const step_titles[LW_N_STEPS] = {
  [LW_STEP_SIGN_IN] = N_ ("Sign In"), [LW_STEP_PROVISION] = N_ ("Provision"),
  [LW_STEP_SCRIPT] = N_ ("Script"),   [LW_STEP_JOB] = N_ ("Job"),
  [LW_STEP_RESULTS] = N_ ("Results"), [LW_STEP_CLEAN_UP] = N_ ("Clean Up"),
};

static const char *const step_states[] = {
  /* Translators: states of a step of the lab. Locked: an earlier step has to be done first. */
  [LW_STEP_LOCKED] = N_ ("Locked"),
  [LW_STEP_READY] = N_ ("Ready"),
  [LW_STEP_RUNNING] = N_ ("Running"),
  [LW_STEP_DONE] = N_ ("Done"),
  /* Translators: state of a step: something failed or has to be decided by the person */
  [LW_STEP_NEEDS_YOU] = N_ ("Needs attention"),
};

const char *
lw_texts_get_step_title (LwStepKind kind)
{
  g_return_val_if_fail ((guint) kind < LW_N_STEPS, "");

  return _ (step_titles[kind]);
}

const char *
lw_texts_get_step_state (LwStepState state)
{
  g_return_val_if_fail ((guint) state < G_N_ELEMENTS (step_states), "");

  return _ (step_states[state]);
}

const char *
lw_texts_get_cloud (const char *cloud_id)
{
  if (g_strcmp0 (cloud_id, "practice") == 0)
    return _ ("Practice");
  if (g_strcmp0 (cloud_id, "AzureChinaCloud") == 0)
    return _ ("Azure (China)");
  if (g_strcmp0 (cloud_id, "AzureUSGovernment") == 0)
    return _ ("Azure (US Government)");
  return "Azure";
}

const char *
lw_texts_get_store_label (void)
{
  /* Translators: name of an entry in the keyring */
  return _ ("Labwalk: sign-in to Azure");
}

char *
lw_texts_dup_duration (gint64 duration_us)
{
  int seconds, minutes, hours;

  duration_us = MAX (duration_us, 0);
  seconds = (int) (duration_us / G_USEC_PER_SEC % 60);
  minutes = (int) (duration_us / MINUTE_US % 60);
  hours = (int) (duration_us / HOUR_US);
  if (hours > 0)
    /* Translators: a duration in hours and minutes */
    return g_strdup_printf (_ ("%d h %d min"), hours, minutes);
  if (minutes > 0)
    /* Translators: a duration in minutes and seconds */
    return g_strdup_printf (_ ("%d min %d s"), minutes, seconds);
  /* Translators: a duration in seconds */
  return g_strdup_printf (_ ("%d s"), seconds);
}

char *
lw_texts_dup_usual (int min_s, int max_s)
{
  if (max_s <= 0)
    return NULL;
  if (max_s < 90)
    /* Translators: how long something usually takes, e.g. "usually 5–20 s" */
    return g_strdup_printf (_ ("usually %d–%d s"), min_s, max_s);
  /* Translators: how long something usually takes, e.g. "usually 2–5 min" */
  return g_strdup_printf (_ ("usually %d–%d min"), MAX (min_s / 60, 1), (max_s + 59) / 60);
}

char *
lw_texts_dup_money (double usd)
{
  /* Translators: an amount of US dollars */
  return g_strdup_printf (_ ("$%.2f"), usd);
}

char *
lw_texts_dup_time (gint64 time_us)
{
  g_autoptr (GDateTime) then = g_date_time_new_from_unix_local (time_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  if (then == NULL)
    return g_strdup ("");
  if (g_date_time_get_year (then) == g_date_time_get_year (now)
      && g_date_time_get_day_of_year (then) == g_date_time_get_day_of_year (now))
    return g_date_time_format (then, "%H:%M:%S");
  return g_date_time_format (then, "%x %H:%M");
}
