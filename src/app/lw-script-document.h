/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtksourceview/gtksource.h>

#include "lw-pool.h"

G_BEGIN_DECLS

#define LW_TYPE_SCRIPT_DOCUMENT (lw_script_document_get_type ())
G_DECLARE_FINAL_TYPE (LwScriptDocument, lw_script_document, LW, SCRIPT_DOCUMENT, GObject)

/**
 * LwScriptDocument:
 *
 * A script in a file, and its text as it is being edited. Another program's change of the file is
 * noticed: it is taken over while nothing was edited here, else the person decides; nothing is
 * overwritten unasked. Files are read and written on the pool. Main thread.
 *
 * Signals:
 *   "changed" (): what the getters tell; not each edit, for which the buffer has a signal
 *   "saved" (gboolean success): a save ended; with %FALSE the file is as it was
 */

/** lw_script_document_new: @pool: borrowed, outlives the document */
LwScriptDocument *lw_script_document_new (LwPool *pool);

/** lw_script_document_set_path: @path: (nullable): another file; what was not saved is gone */
void lw_script_document_set_path (LwScriptDocument *self, const char *path);
const char *lw_script_document_get_path (LwScriptDocument *self);
GtkSourceBuffer *lw_script_document_get_buffer (LwScriptDocument *self);

/** lw_script_document_dup_text: Returns: (transfer full): as it is being edited */
char *lw_script_document_dup_text (LwScriptDocument *self);

/** lw_script_document_set_text: as one edit that can be undone; what is equal is not touched */
void lw_script_document_set_text (LwScriptDocument *self, const char *text);

/** lw_script_document_is_loaded: Returns: whether the file was there and could be read */
gboolean lw_script_document_is_loaded (LwScriptDocument *self);

/** lw_script_document_is_modified: Returns: whether there is something to save */
gboolean lw_script_document_is_modified (LwScriptDocument *self);

/** lw_script_document_is_stale: Returns: whether the file was changed by another program while it
 *   was being edited here: lw_script_document_reload() or lw_script_document_keep() */
gboolean lw_script_document_is_stale (LwScriptDocument *self);

/** lw_script_document_get_error: Returns: (nullable): of the last read or save */
const GError *lw_script_document_get_error (LwScriptDocument *self);

/** lw_script_document_look: looks at the file now; changes are noticed without it too */
void lw_script_document_look (LwScriptDocument *self);

/** lw_script_document_reload: takes what the file holds, as an edit that can be undone */
void lw_script_document_reload (LwScriptDocument *self);

/** lw_script_document_keep: the next save may replace what the file holds now */
void lw_script_document_keep (LwScriptDocument *self);

/** lw_script_document_save: writes the text; ends with "saved" */
void lw_script_document_save (LwScriptDocument *self);

G_END_DECLS
