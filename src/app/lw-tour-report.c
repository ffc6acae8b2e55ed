/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The report of a tour. Captions and pictures of a step are collected until it ends, as its state
 * stands above them. Main thread; freed by its tour. */

#include "lw-tour-report.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "config.h"
#include "lw-language.h"
#include "lw-picture.h"
#include "lw-report.h"
#include "lw-texts.h"

/* A tour has some forty captions; more pictures than that make no report better. */
#define MAX_PICTURES 60

struct _LwTourReport
{
  char *folder;
  LwReport *report;
  GPtrArray *captions; /* owned strings, of the present step */
  GPtrArray *pictures; /* owned file names; NULL for a caption without one */
  guint n_pictures;
};

LwTourReport *
lw_tour_report_new (const char *folder, GError **error)
{
  LwTourReport *self;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      int saved_errno = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno), "%s: %s", folder,
                   g_strerror (saved_errno));
      return NULL;
    }
  self = g_new0 (LwTourReport, 1);
  self->folder = g_strdup (folder);
  self->report = lw_report_new (lw_language_get_current (), _ ("A Walk through the Lab"));
  self->captions = g_ptr_array_new_with_free_func (g_free);
  self->pictures = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
lw_tour_report_free (LwTourReport *self)
{
  g_free (self->folder);
  lw_report_free (self->report);
  g_ptr_array_unref (self->captions);
  g_ptr_array_unref (self->pictures);
  g_free (self);
}

void
lw_tour_report_add_caption (LwTourReport *self, const char *caption)
{
  g_ptr_array_add (self->captions, g_strdup (caption));
  g_ptr_array_add (self->pictures, NULL);
}

void
lw_tour_report_add_picture (LwTourReport *self, GtkWindow *window)
{
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  guint last = self->pictures->len;

  if (last == 0 || self->n_pictures >= MAX_PICTURES)
    return;
  name = g_strdup_printf ("%02u.png", self->n_pictures + 1);
  path = g_build_filename (self->folder, name, NULL);
  if (!lw_picture_save (window, path, &error))
    {
      g_printerr ("%s\n", error->message);
      return;
    }
  self->n_pictures++;
  g_free (g_ptr_array_index (self->pictures, last - 1));
  g_ptr_array_index (self->pictures, last - 1) = g_steal_pointer (&name);
}

static void
add_collected (LwTourReport *self)
{
  for (guint i = 0; i < self->captions->len; i++)
    {
      const char *caption = g_ptr_array_index (self->captions, i);
      const char *picture = g_ptr_array_index (self->pictures, i);

      if (picture != NULL)
        lw_report_add_picture (self->report, picture, caption);
      else
        lw_report_add_paragraph (self->report, caption);
    }
  g_ptr_array_set_size (self->captions, 0);
  g_ptr_array_set_size (self->pictures, 0);
}

void
lw_tour_report_end_step (LwTourReport *self, LwPage *page, const char *failure)
{
  LwSession *session = lw_page_get_session (page);
  LwStepKind kind = lw_page_get_kind (page);
  const LwEquivalent *equivalent = lw_session_get_equivalent (session);
  const char *word = lw_texts_get_step_state (lw_session_get_step_state (session, kind));

  lw_report_add_section (self->report, lw_page_get_title (page),
                         failure == NULL ? LW_REPORT_GOOD : LW_REPORT_BAD, word);
  if (failure != NULL)
    lw_report_add_log (self->report, _ ("What went wrong"), failure);
  add_collected (self);
  lw_page_report (page, self->report);
  if (equivalent->az != NULL)
    lw_report_add_log (self->report, _ ("The same with the Azure CLI"), equivalent->az);
  if (equivalent->python != NULL)
    lw_report_add_log (self->report, _ ("The same in Python"), equivalent->python);
}

char *
lw_tour_report_save (LwTourReport *self, gint64 duration_us, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, "report.html", NULL);
  g_autofree char *duration = lw_texts_dup_duration (duration_us);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *when = g_date_time_format (now, "%x %X");

  lw_report_add_section (self->report, _ ("The Walk"), LW_REPORT_PLAIN, NULL);
  lw_report_add_figure (self->report, _ ("Ended"), when);
  lw_report_add_figure (self->report, _ ("Took"), duration);
  lw_report_add_figure (self->report, "Labwalk", LW_VERSION);
  if (!lw_report_save (self->report, path, error))
    return NULL;
  return g_steal_pointer (&path);
}
