/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LwpRegion:
 * @name: "koreacentral"
 * @display_name: "Korea Central"
 * @geography: "Korea"
 * @group: "Asia Pacific"
 * @price_factor: how its prices compare with those of East US
 *
 * A region of the practice cloud. Constant, any thread.
 */
typedef struct
{
  const char *name;
  const char *display_name;
  const char *geography;
  const char *group;
  const char *place;
  const char *latitude;
  const char *longitude;
  const char *paired;
  double price_factor;
} LwpRegion;

const LwpRegion *lwp_region_get_all (gsize *n_regions);

/**
 * lwp_region_find:
 * @text: a name or display name, without regard to case and spaces
 */
const LwpRegion *lwp_region_find (const char *text);

G_END_DECLS
