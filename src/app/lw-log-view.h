/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define LW_TYPE_LOG_VIEW (lw_log_view_get_type ())
G_DECLARE_FINAL_TYPE (LwLogView, lw_log_view, LW, LOG_VIEW, GtkWidget)

/**
 * LwLogView:
 *
 * Output of a program or a job, as it comes: monospace, read-only, copyable. Follows the end unless
 * the person scrolled up; then a button leads back to it. The buffer belongs to a model, so that
 * the text outlives the view. Main thread.
 *
 * Properties: "buffer" (GtkTextBuffer), "label" (accessible name)
 */

GtkWidget *lw_log_view_new (void);
void lw_log_view_set_buffer (LwLogView *self, GtkTextBuffer *buffer);

/** lw_log_view_get_view: Returns: (transfer none): the text view itself, to find text in */
GtkTextView *lw_log_view_get_view (LwLogView *self);

/* A log buffer holds so many characters and lines; the oldest lines go first. */
#define LW_LOG_BUFFER_MAX_CHARS (4 * 1024 * 1024)
#define LW_LOG_BUFFER_MAX_LINES 50000

/**
 * lw_log_buffer_append:
 * @text: what came out of #LwTextFilter; carriage returns end a line here
 *
 * Adds to the end and lets the oldest lines go beyond the limits.
 *
 * Returns: whether some went
 */
gboolean lw_log_buffer_append (GtkTextBuffer *buffer, const char *text);

/** lw_log_buffer_dup_text: Returns: (transfer full): all of it */
char *lw_log_buffer_dup_text (GtkTextBuffer *buffer);

G_END_DECLS
