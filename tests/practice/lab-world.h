/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-arm.h"
#include "lw-lab.h"
#include "lw-record.h"

G_BEGIN_DECLS

/**
 * LabWorld:
 *
 * For tests of the lab against the real practice cloud: its process, a signed-in client of it, and
 * a folder for records. Any failure ends the test. One thread, but for the counts.
 */
typedef struct _LabWorld LabWorld;

/** lab_world_new: @pace: of the practice cloud; @virtual_time: waits of the client take no time */
LabWorld *lab_world_new (double pace, gboolean virtual_time);

/** lab_world_new_client: a client of a practice cloud that another process has started */
LabWorld *lab_world_new_client (const char *proxy, const char *ca, const char *folder,
                                gboolean virtual_time);
void lab_world_free (LabWorld *self);

/** lab_world_restart_cloud: ends the practice cloud as a power cut would, and starts it again after
 *   @pause_ms */
void lab_world_restart_cloud (LabWorld *self, guint pause_ms, double pace);

const char *lab_world_get_proxy (LabWorld *self);
const char *lab_world_get_ca (LabWorld *self);
GFile *lab_world_get_folder (LabWorld *self);
LwLab *lab_world_get_lab (LabWorld *self);
const LwArm *lab_world_get_arm (LabWorld *self);
const LwSubscription *lab_world_get_subscription (LabWorld *self);

/** lab_world_new_record: an attempt with everything set that a plan needs */
LwRecord *lab_world_new_record (LabWorld *self);

/** lab_world_count: Returns: requests of @method (%NULL for any) whose URL holds @part, since
 *   lab_world_forget_requests() */
guint lab_world_count (LabWorld *self, const char *method, const char *part);
void lab_world_forget_requests (LabWorld *self);

/** lab_world_remove: removes a folder of the test with all that is in it */
void lab_world_remove (const char *path);

G_END_DECLS
