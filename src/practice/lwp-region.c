/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The regions: those of the lab, those near Korea, and some more so that a choice is one. */

#include "lwp-region.h"

static const LwpRegion regions[] = {
  { "koreacentral", "Korea Central", "Korea", "Asia Pacific", "Seoul", "37.5665", "126.978",
    "koreasouth", 1.21 },
  { "koreasouth", "Korea South", "Korea", "Asia Pacific", "Busan", "35.1796", "129.0756",
    "koreacentral", 1.15 },
  { "japaneast", "Japan East", "Japan", "Asia Pacific", "Tokyo, Saitama", "35.68", "139.77",
    "japanwest", 1.26 },
  { "japanwest", "Japan West", "Japan", "Asia Pacific", "Osaka", "34.6939", "135.5022",
    "japaneast", 1.32 },
  { "southeastasia", "Southeast Asia", "Asia Pacific", "Asia Pacific", "Singapore", "1.283",
    "103.833", "eastasia", 1.22 },
  { "eastasia", "East Asia", "Asia Pacific", "Asia Pacific", "Hong Kong", "22.267", "114.188",
    "southeastasia", 1.36 },
  { "australiaeast", "Australia East", "Australia", "Asia Pacific", "New South Wales", "-33.86",
    "151.2094", "australiasoutheast", 1.28 },
  { "centralindia", "Central India", "India", "Asia Pacific", "Pune", "18.5822", "73.9197",
    "southindia", 1.02 },
  { "eastus", "East US", "United States", "US", "Virginia", "37.3719", "-79.8164", "westus", 1.0 },
  { "eastus2", "East US 2", "United States", "US", "Virginia", "36.6681", "-78.3889", "centralus",
    1.0 },
  { "centralus", "Central US", "United States", "US", "Iowa", "41.5908", "-93.6208", "eastus2",
    1.18 },
  { "southcentralus", "South Central US", "United States", "US", "Texas", "29.4167", "-98.5",
    "northcentralus", 1.11 },
  { "westus", "West US", "United States", "US", "California", "37.783", "-122.417", "eastus",
    1.15 },
  { "westus2", "West US 2", "United States", "US", "Washington", "47.233", "-119.852",
    "westcentralus", 0.98 },
  { "westus3", "West US 3", "United States", "US", "Phoenix", "33.448376", "-112.074036", "eastus",
    0.98 },
  { "canadacentral", "Canada Central", "Canada", "Canada", "Toronto", "43.653", "-79.383",
    "canadaeast", 1.1 },
  { "northeurope", "North Europe", "Europe", "Europe", "Ireland", "53.3478", "-6.2597",
    "westeurope", 1.1 },
  { "westeurope", "West Europe", "Europe", "Europe", "Netherlands", "52.3667", "4.9",
    "northeurope", 1.19 },
  { "uksouth", "UK South", "United Kingdom", "UK", "London", "50.941", "-0.799", "ukwest", 1.16 },
  { "francecentral", "France Central", "France", "Europe", "Paris", "46.3772", "2.373",
    "francesouth", 1.17 },
};

const LwpRegion *
lwp_region_get_all (gsize *n_regions)
{
  *n_regions = G_N_ELEMENTS (regions);
  return regions;
}

static gboolean
is_same (const char *name, const char *text)
{
  for (; *text != '\0'; text++)
    {
      if (*text == ' ')
        continue;
      if (*name++ != g_ascii_tolower (*text))
        return FALSE;
    }
  return *name == '\0';
}

const LwpRegion *
lwp_region_find (const char *text)
{
  for (gsize i = 0; text != NULL && i < G_N_ELEMENTS (regions); i++)
    if (is_same (regions[i].name, text))
      return &regions[i];
  return NULL;
}
