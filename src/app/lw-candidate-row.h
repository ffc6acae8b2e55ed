/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "lw-preflight.h"

G_BEGIN_DECLS

/** lw_candidate_row_new: a row that says of one region and size why it was chosen or passed over.
 *   Main thread. */
GtkWidget *lw_candidate_row_new (const LwCandidate *candidate);

G_END_DECLS
