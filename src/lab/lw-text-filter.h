/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LwTextFilter:
 *
 * Makes bytes that a script or a server wrote into text that can be shown: valid UTF-8 in which
 * nothing acts on a terminal or on the direction of the text. Fed piece by piece; a character or an
 * escape sequence may be cut anywhere. Owned by one thread.
 *
 * Complete escape sequences (ECMA-48: CSI, OSC and its kin, two-character ones; their eight-bit
 * forms too) are removed. Bytes that are no UTF-8 become U+FFFD, as do the characters that turn the
 * direction of text (U+202A to U+202E, U+2066 to U+2069 and the marks). Other control characters
 * than tab, line feed and carriage return become their pictures (U+2400 …).
 */
typedef struct _LwTextFilter LwTextFilter;

/* A line longer than this many characters is broken: text views are slow with endless ones. */
#define LW_TEXT_FILTER_MAX_LINE 16384

/* A sequence that does not end within so many characters is none, and its rest is shown. */
#define LW_TEXT_FILTER_MAX_SEQUENCE 4096

LwTextFilter *lw_text_filter_new (void);
void lw_text_filter_free (LwTextFilter *self);

/** lw_text_filter_push: Returns: (transfer full): what @data adds to the text; what may only be the
 *   beginning of something is kept for the next call */
char *lw_text_filter_push (LwTextFilter *self, const void *data, gsize length);

/** lw_text_filter_end: Returns: (transfer full): what was kept, as nothing more comes; the filter
 *   is as new afterwards */
char *lw_text_filter_end (LwTextFilter *self);

/** lw_text_filter_once: lw_text_filter_push() and lw_text_filter_end() over one whole text */
char *lw_text_filter_once (const void *data, gsize length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwTextFilter, lw_text_filter_free)

G_END_DECLS
