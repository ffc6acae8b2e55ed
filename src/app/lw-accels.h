/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** LwAccelGroup: a heading of the shortcuts window */
typedef enum
{
  LW_ACCEL_GENERAL,
  LW_ACCEL_STEPS,
  LW_ACCEL_VIEW,
} LwAccelGroup;
#define LW_N_ACCEL_GROUPS 3

/**
 * LwAccel: one keyboard shortcut: the only place where it is said
 * @action: detailed name of an action
 * @keys: accelerators in GTK's notation, separated by spaces; the first one is shown
 * @title: msgid of what it does; %NULL for one that is not shown by itself
 */
typedef struct
{
  LwAccelGroup group;
  const char *action;
  const char *keys;
  const char *title;
} LwAccel;

/** lw_accels_get: Returns: the table; @n_accels: (out) */
const LwAccel *lw_accels_get (gsize *n_accels);

/** lw_accels_install: gives every shortcut of the table to @app */
void lw_accels_install (GtkApplication *app);

/** lw_accels_new_window: Returns: (transfer none): a new shortcuts window, made from the table */
GtkWidget *lw_accels_new_window (void);

G_END_DECLS
