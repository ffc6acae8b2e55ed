/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "lw-advice.h"

G_BEGIN_DECLS

#define LW_TYPE_ERROR_BANNER (lw_error_banner_get_type ())
G_DECLARE_FINAL_TYPE (LwErrorBanner, lw_error_banner, LW, ERROR_BANNER, AdwBin)

/**
 * LwErrorBanner:
 *
 * A card that tells an error where the work is: what happened, what it means, what to do, one
 * button where a button can do it, and the service's own words on demand. Hidden while there is no
 * error. Main thread.
 *
 * Signals:
 *   "advice" (LwAdviceAction as int): the button was pressed
 */

GtkWidget *lw_error_banner_new (void);

/**
 * lw_error_banner_show:
 * @advice: what the catalogue says about @error
 */
void lw_error_banner_show (LwErrorBanner *self, const LwAdvice *advice, const GError *error);
void lw_error_banner_hide (LwErrorBanner *self);

/** lw_error_banner_dup_text: Returns: (transfer full) (nullable): everything that is shown, a line
 *   each; %NULL while hidden */
char *lw_error_banner_dup_text (LwErrorBanner *self);

/** lw_error_banner_dup_details: Returns: (transfer full): codes, request id and words of @error, as
 *   the details show them; no secret in it */
char *lw_error_banner_dup_details (const GError *error);

G_END_DECLS
