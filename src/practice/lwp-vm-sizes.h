/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LwpVmSize:
 * @name: "Standard_DS11_v2"
 * @family: "standardDSv2Family"
 * @family_label: the family's part in the name of its quota, "Standard DSv2 Family"
 * @cores: vCPUs
 * @gpus: accelerators
 * @memory_gb: memory in GiB
 * @disk_mb: size of the temporary disk in MiB
 * @price: of an hour in USD, illustrative
 *
 * A size of virtual machine that the practice cloud offers.
 */
typedef struct
{
  const char *name;
  const char *family;
  const char *family_label;
  guint cores;
  guint gpus;
  double memory_gb;
  guint disk_mb;
  double price;
} LwpVmSize;

/** lwp_vm_sizes_get: Returns: (transfer none): all of them */
const LwpVmSize *lwp_vm_sizes_get (gsize *n_sizes);

/** lwp_vm_sizes_find: Returns: (nullable): the one of that name, compared without case */
const LwpVmSize *lwp_vm_sizes_find (const char *name);

G_END_DECLS
