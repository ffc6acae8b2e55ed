/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The sizes on offer, a constant table. The prices are of the right order and no more. */

#include "lwp-vm-sizes.h"

static const LwpVmSize sizes[] = {
  { "Standard_DS1_v2", "standardDSv2Family", "Standard DSv2 Family", 1, 0, 3.5, 7168, 0.073 },
  { "Standard_DS2_v2", "standardDSv2Family", "Standard DSv2 Family", 2, 0, 7.0, 14336, 0.146 },
  { "Standard_DS3_v2", "standardDSv2Family", "Standard DSv2 Family", 4, 0, 14.0, 28672, 0.293 },
  { "Standard_DS11_v2", "standardDSv2Family", "Standard DSv2 Family", 2, 0, 14.0, 28672, 0.149 },
  { "Standard_DS12_v2", "standardDSv2Family", "Standard DSv2 Family", 4, 0, 28.0, 57344, 0.298 },
  { "Standard_D2s_v3", "standardDSv3Family", "Standard DSv3 Family", 2, 0, 8.0, 16384, 0.096 },
  { "Standard_D4s_v3", "standardDSv3Family", "Standard DSv3 Family", 4, 0, 16.0, 32768, 0.192 },
  { "Standard_E2s_v3", "standardESv3Family", "Standard ESv3 Family", 2, 0, 16.0, 32768, 0.126 },
  { "Standard_E4s_v3", "standardESv3Family", "Standard ESv3 Family", 4, 0, 32.0, 65536, 0.252 },
  { "Standard_F2s_v2", "standardFSv2Family", "Standard FSv2 Family", 2, 0, 4.0, 16384, 0.085 },
  { "Standard_F4s_v2", "standardFSv2Family", "Standard FSv2 Family", 4, 0, 8.0, 32768, 0.169 },
  { "Standard_NC6s_v3", "standardNCSv3Family", "Standard NCSv3 Family", 6, 1, 112.0, 753664,
    3.06 },
};

const LwpVmSize *
lwp_vm_sizes_get (gsize *n_sizes)
{
  *n_sizes = G_N_ELEMENTS (sizes);
  return sizes;
}

const LwpVmSize *
lwp_vm_sizes_find (const char *name)
{
  for (gsize i = 0; name != NULL && i < G_N_ELEMENTS (sizes); i++)
    if (g_ascii_strcasecmp (sizes[i].name, name) == 0)
      return &sizes[i];
  return NULL;
}
