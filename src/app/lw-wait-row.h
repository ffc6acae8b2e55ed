/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/** LwWaitState: what a row of work shows by icon and word */
typedef enum
{
  LW_WAIT_IDLE,
  LW_WAIT_RUNNING,
  LW_WAIT_DONE,
  LW_WAIT_WARNING,
  LW_WAIT_FAILED,
} LwWaitState;

#define LW_TYPE_WAIT_ROW (lw_wait_row_get_type ())
G_DECLARE_FINAL_TYPE (LwWaitRow, lw_wait_row, LW, WAIT_ROW, AdwActionRow)

/**
 * LwWaitRow:
 *
 * A row of a boxed list for one piece of work: an icon for its state, a title, and below it the
 * state as a word, the phase, how long it has run and how long it usually takes. Never a
 * percentage. While it runs, the elapsed time moves on by itself, and with a cancel action there is
 * a button. In a template:
 *
 *   <object class="LwWaitRow" id="instance_row">
 *     <property name="title" translatable="yes">Compute instance</property>
 *     <property name="cancel-action">page.cancel</property>
 *   </object>
 *
 * Properties: "title" (of the parent), "cancel-action" (nullable), "usual-min", "usual-max"
 * (seconds). Main thread.
 */

GtkWidget *lw_wait_row_new (const char *title);

/**
 * lw_wait_row_set:
 * @phase: (nullable): what it does now, translated, or a name of the service's own; plain text
 * @started_us, @ended_us: wall clock, microseconds; 0 when not
 */
void lw_wait_row_set (LwWaitRow *self, LwWaitState state, const char *phase, gint64 started_us,
                      gint64 ended_us);
LwWaitState lw_wait_row_get_state (LwWaitRow *self);

/** lw_wait_row_set_word: @word: (nullable): said in place of the state's own word, such as "Queued" */
void lw_wait_row_set_word (LwWaitRow *self, const char *word);

/** lw_wait_row_set_usual: seconds; nothing is said when @max_s is 0 */
void lw_wait_row_set_usual (LwWaitRow *self, int min_s, int max_s);
void lw_wait_row_set_cancel_action (LwWaitRow *self, const char *action);

G_END_DECLS
