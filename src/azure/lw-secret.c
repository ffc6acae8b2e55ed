/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Freeing secrets. No state, any thread. */

#include "lw-secret.h"

#include <string.h>

void
lw_secret_free (char *secret)
{
  if (secret == NULL)
    return;
  explicit_bzero (secret, strlen (secret));
  g_free (secret);
}
