/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A row of the list of jobs. Main thread. */

#include "lw-job-row.h"

#include <string.h>

#include "lw-job-texts.h"
#include "lw-texts.h"

struct _LwJobRow
{
  AdwActionRow parent_instance;

  GtkImage *icon;
  char *name; /* owned: of the job */
};

G_DEFINE_FINAL_TYPE (LwJobRow, lw_job_row, ADW_TYPE_ACTION_ROW)

static const struct
{
  const char *icon;
  const char *style; /* (nullable) */
} looks[] = {
  [LW_WAIT_IDLE] = { "content-loading-symbolic", NULL },
  [LW_WAIT_RUNNING] = { "media-playback-start-symbolic", "accent" },
  [LW_WAIT_DONE] = { "emblem-ok-symbolic", "success" },
  [LW_WAIT_WARNING] = { "media-playback-stop-symbolic", "warning" },
  [LW_WAIT_FAILED] = { "dialog-error-symbolic", "error" },
};

void
lw_job_row_set (LwJobRow *self, const LwJob *job)
{
  LwWaitState state = lw_job_texts_get_state (job->status);
  g_autofree char *created = job->created_us != 0 ? lw_texts_dup_time (job->created_us) : NULL;
  g_autofree char *subtitle = NULL;

  g_return_if_fail (LW_IS_JOB_ROW (self));

  subtitle = g_strdup_printf ("%s%s%s\n%s", lw_job_texts_get_status (job->status),
                              created != NULL ? " · " : "", created != NULL ? created : "",
                              job->name);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), job->display_name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), subtitle);
  gtk_image_set_from_icon_name (self->icon, looks[state].icon);
  for (gsize i = 0; i < G_N_ELEMENTS (looks); i++)
    if (looks[i].style != NULL)
      gtk_widget_remove_css_class (GTK_WIDGET (self->icon), looks[i].style);
  if (looks[state].style != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->icon), looks[state].style);
}

const char *
lw_job_row_get_name (LwJobRow *self)
{
  g_return_val_if_fail (LW_IS_JOB_ROW (self), NULL);

  return self->name;
}

static gboolean
contains (const char *haystack, const char *folded_needle)
{
  g_autofree char *folded = g_utf8_casefold (haystack, -1);

  return strstr (folded, folded_needle) != NULL;
}

gboolean
lw_job_row_matches (LwJobRow *self, const char *text)
{
  g_autofree char *needle = g_utf8_casefold (text, -1);

  g_return_val_if_fail (LW_IS_JOB_ROW (self), TRUE);

  return contains (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self)), needle)
         || contains (adw_action_row_get_subtitle (ADW_ACTION_ROW (self)), needle);
}

static void
lw_job_row_finalize (GObject *object)
{
  g_free (LW_JOB_ROW (object)->name);
  G_OBJECT_CLASS (lw_job_row_parent_class)->finalize (object);
}

static void
lw_job_row_class_init (LwJobRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lw_job_row_finalize;
}

static void
lw_job_row_init (LwJobRow *self)
{
  self->icon = g_object_new (GTK_TYPE_IMAGE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                             NULL);
  adw_action_row_add_prefix (ADW_ACTION_ROW (self), GTK_WIDGET (self->icon));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 0);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (self), 0);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), TRUE);
}

GtkWidget *
lw_job_row_new (const LwJob *job)
{
  LwJobRow *self = g_object_new (LW_TYPE_JOB_ROW, NULL);

  self->name = g_strdup (job->name);
  lw_job_row_set (self, job);
  return GTK_WIDGET (self);
}
