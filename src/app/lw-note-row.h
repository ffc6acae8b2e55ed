/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/** LwNoteKind: what a note says of the field above it */
typedef enum
{
  LW_NOTE_NONE,
  LW_NOTE_WARNING,
  LW_NOTE_ERROR,
} LwNoteKind;

#define LW_TYPE_NOTE_ROW (lw_note_row_get_type ())
G_DECLARE_FINAL_TYPE (LwNoteRow, lw_note_row, LW, NOTE_ROW, AdwPreferencesRow)

/**
 * LwNoteRow:
 *
 * The row of a boxed list in which a form tells what is wrong with the field in the row above it, by
 * icon and sentence. Hidden while there is nothing to tell. Main thread.
 */

GtkWidget *lw_note_row_new (void);

/**
 * lw_note_row_set:
 * @text: (nullable): plain text; %NULL with %LW_NOTE_NONE
 * @field: the row above: it gets the style and, for screen readers, the sentence
 */
void lw_note_row_set (LwNoteRow *self, LwNoteKind kind, const char *text, GtkWidget *field);

G_END_DECLS
