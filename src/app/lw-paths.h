/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** lw_paths_get_data_dir: Returns: folder with labs/ and advice/: installed, or the source tree's
 *   data/ when the program runs from its build tree */
const char *lw_paths_get_data_dir (void);

/** lw_paths_get_locale_dir: Returns: folder with the catalogues of translations */
const char *lw_paths_get_locale_dir (void);

/** lw_paths_new_settings: Returns: (transfer full): the settings of the application */
GSettings *lw_paths_new_settings (void);

/** lw_paths_find_practice_cloud: Returns: (transfer full) (nullable): path of the program
 *   labwalk-practice-cloud: of the build tree, beside this program, or as installed */
char *lw_paths_find_practice_cloud (void);

/**
 * lw_paths_ensure_dir:
 * @base: one of the XDG base directories, e.g. g_get_user_state_dir()
 * @name: (nullable): a folder below "labwalk" in it
 *
 * Returns: (transfer full) (nullable): the folder, made with mode 0700 when missing
 */
GFile *lw_paths_ensure_dir (const char *base, const char *name, GError **error);

G_END_DECLS
