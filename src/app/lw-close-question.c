/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The question before the window closes: what goes on by itself, what does not, what costs. Main
 * thread; the dialog belongs to its window. */

#include "lw-close-question.h"

#include <glib/gi18n.h>

#include "lw-cost-model.h"
#include "lw-texts.h"

typedef struct
{
  LwStepKind kind;
  const char *text;
} Line;

static const Line lines[] = {
  { LW_STEP_PROVISION, N_ ("What is being created goes on in the cloud. The rest is created when "
                           "Labwalk is started again.") },
  { LW_STEP_SCRIPT, N_ ("The script that runs on this computer is stopped.") },
  { LW_STEP_JOB, N_ ("A job that is not submitted yet is not submitted.") },
  { LW_STEP_RESULTS, N_ ("The job goes on in the cloud. Its log is read when Labwalk is started "
                         "again.") },
  { LW_STEP_CLEAN_UP, N_ ("The deletion goes on in the cloud. Labwalk proves it when it is started "
                          "again.") },
};

static void
append_running (GString *text, LwSession *session)
{
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    if (lw_session_is_running (session, lines[i].kind))
      g_string_append_printf (text, "%s\n\n", _ (lines[i].text));
  if (text->len > 0 && lw_session_is_practice (session))
    g_string_append_printf (text, "%s\n\n",
                            _ ("The practice cloud is on this computer and waits meanwhile."));
}

static void
append_cost (GString *text, LwSession *session)
{
  LwCostModel *model = lw_session_ensure_model (session, LW_TYPE_COST_MODEL);
  const LwCost *cost = lw_cost_model_get_cost (model);
  g_autofree char *amount = NULL;

  if (cost == NULL || cost->per_hour <= 0 || lw_session_is_practice (session))
    return;
  amount = lw_texts_dup_money (cost->per_hour);
  /* Translators: an amount of money per hour */
  g_string_append_printf (text, _ ("Machines of the lab run and cost %s per hour until they are "
                                   "stopped or deleted."),
                          amount);
  g_string_append (text, "\n\n");
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  LwCloseFunc close = user_data;

  if (g_str_equal (response, "close"))
    close (gtk_window_get_transient_for (GTK_WINDOW (dialog)));
}

gboolean
lw_close_question_ask (GtkWindow *window, LwSession *session, LwCloseFunc close)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GtkWidget *dialog;

  g_return_val_if_fail (GTK_IS_WINDOW (window), FALSE);

  if (!lw_session_is_open (session))
    return FALSE;
  append_running (text, session);
  append_cost (text, session);
  if (text->len == 0)
    return FALSE;
  g_string_truncate (text, text->len - 2);
  dialog = adw_message_dialog_new (window, _ ("Close Labwalk?"), text->str);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("Keep Open"),
                                    "close", _ ("Close"), NULL);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), close);
  gtk_window_present (GTK_WINDOW (dialog));
  return TRUE;
}
