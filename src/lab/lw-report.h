/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LwReport:
 *
 * A page of HTML that tells a walk through a lab: sections with a state, figures, logs and
 * pictures, in the order in which they are added. It knows no words of its own but what it is
 * given, already translated. Every text is made fit to be shown (lw-text-filter.h), escaped, and
 * whatever looks like a token or a signature is masked. The page loads nothing but the pictures
 * beside it and runs no script. Owned by one thread.
 */
typedef struct _LwReport LwReport;

/* What of one log goes into the page: its beginning and its end. */
#define LW_REPORT_MAX_LOG (256 * 1024)

/** lw_report_new: @language: of the texts, "ko"; @title: of the page */
LwReport *lw_report_new (const char *language, const char *title);
void lw_report_free (LwReport *self);

/** LwReportState: decides the mark of a section; the word beside it is the caller's */
typedef enum
{
  LW_REPORT_PLAIN,
  LW_REPORT_GOOD,
  LW_REPORT_BAD,
} LwReportState;

/** lw_report_add_section: begins a section; @word: (nullable): the state as a word */
void lw_report_add_section (LwReport *self, const char *title, LwReportState state,
                            const char *word);
void lw_report_add_paragraph (LwReport *self, const char *text);

/** lw_report_add_figure: a row of a table of names and values; rows in a row make one table */
void lw_report_add_figure (LwReport *self, const char *name, const char *value);

/** lw_report_add_log: @text: bytes of any kind, ended by NUL */
void lw_report_add_log (LwReport *self, const char *title, const char *text);

/** lw_report_add_picture: @path: relative to the report, inside its folder; others are left out */
void lw_report_add_picture (LwReport *self, const char *path, const char *caption);

/** lw_report_to_html: Returns: (transfer full): the whole page */
char *lw_report_to_html (LwReport *self);

/** lw_report_save: replaces the file at @path, a local one; Errors: as lw_file_replace() */
gboolean lw_report_save (LwReport *self, const char *path, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwReport, lw_report_free)

G_END_DECLS
