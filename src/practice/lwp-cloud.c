/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The context that handlers share. Filled while the modules register, before the server starts;
 * afterwards read only, so any thread may use it. */

#include "lwp-cloud.h"

#include <string.h>

#include "lwp-cloud-private.h"
#include "lwp-modules.h"

typedef struct
{
  gpointer state;
  GDestroyNotify stop;
} Module;

typedef struct
{
  char *type; /* owned, nullable */
  LwpGoneFunc func;
  gpointer user_data;
} Gone;

struct _LwpCloud
{
  char *state_dir; /* owned */
  double pace;
  gboolean auto_approve;
  char *browser_uri; /* owned, nullable */
  LwpStore *store;   /* owned */
  LwpRouter *router; /* owned */
  GArray *modules;   /* owned; Module */
  GArray *gone;      /* owned; Gone */
  LwpBeforeDispatch before;
  gpointer before_data;
};

static void
gone_clear (Gone *gone)
{
  g_free (gone->type);
}

LwpCloud *
lwp_cloud_new (const LwpOptions *options, GError **error)
{
  g_autoptr (LwpCloud) self = g_new0 (LwpCloud, 1);
  g_autofree char *path = g_build_filename (options->state_dir, "state.sqlite", NULL);

  self->state_dir = g_strdup (options->state_dir);
  self->pace = options->pace;
  self->auto_approve = options->auto_approve;
  self->router = lwp_router_new ();
  self->modules = g_array_new (FALSE, FALSE, sizeof (Module));
  self->gone = g_array_new (FALSE, FALSE, sizeof (Gone));
  g_array_set_clear_func (self->gone, (GDestroyNotify) gone_clear);
  self->store = lwp_store_new (path, error);
  if (self->store == NULL || !lwp_resource_register (self, error)
      || !lwp_modules_register (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
lwp_cloud_free (LwpCloud *self)
{
  for (guint i = self->modules->len; i > 0; i--)
    {
      const Module *module = &g_array_index (self->modules, Module, i - 1);

      if (module->stop != NULL)
        module->stop (module->state);
    }
  g_array_unref (self->modules);
  g_array_unref (self->gone);
  lwp_router_free (self->router);
  g_clear_pointer (&self->store, lwp_store_free);
  g_free (self->browser_uri);
  g_free (self->state_dir);
  g_free (self);
}

LwpStore *
lwp_cloud_get_store (LwpCloud *self)
{
  return self->store;
}

LwpRouter *
lwp_cloud_get_router (LwpCloud *self)
{
  return self->router;
}

const char *
lwp_cloud_get_state_dir (LwpCloud *self)
{
  return self->state_dir;
}

gboolean
lwp_cloud_get_auto_approve (LwpCloud *self)
{
  return self->auto_approve;
}

gint64
lwp_cloud_get_now_us (LwpCloud *self)
{
  return g_get_real_time ();
}

gint64
lwp_cloud_get_end_us (LwpCloud *self, gint64 duration_ms)
{
  return g_get_real_time () + (gint64) ((double) duration_ms * 1000.0 * self->pace + 0.5);
}

const char *
lwp_cloud_get_browser_uri (LwpCloud *self)
{
  return self->browser_uri;
}

void
lwp_cloud_set_browser_uri (LwpCloud *self, const char *uri)
{
  g_free (self->browser_uri);
  self->browser_uri = g_strdup (uri);
}

void
lwp_cloud_add_module (LwpCloud *self, gpointer state, GDestroyNotify stop)
{
  Module module = { state, stop };

  g_array_append_val (self->modules, module);
}

void
lwp_resource_add_gone_func (LwpCloud *self, const char *type, LwpGoneFunc func, gpointer user_data)
{
  Gone gone = { g_strdup (type), func, user_data };

  g_array_append_val (self->gone, gone);
}

void
lwp_cloud_tell_gone (LwpCloud *self, const LwpResource *resource)
{
  for (guint i = 0; i < self->gone->len; i++)
    {
      const Gone *gone = &g_array_index (self->gone, Gone, i);

      if (gone->type == NULL || g_ascii_strcasecmp (gone->type, resource->type) == 0)
        gone->func (self, resource, gone->user_data);
    }
}

void
lwp_cloud_set_before_dispatch (LwpCloud *self, LwpBeforeDispatch func, gpointer user_data)
{
  self->before = func;
  self->before_data = user_data;
}

LwpResponse *
lwp_cloud_before_dispatch (LwpCloud *self, LwpRequest *request)
{
  return self->before != NULL ? self->before (self, request, self->before_data) : NULL;
}

LwpStoreTransaction *
lwp_cloud_hold (LwpCloud *self)
{
  return lwp_store_hold (self->store);
}

char *
lwp_cloud_format_time (gint64 time_us)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (time_us / G_USEC_PER_SEC);
  g_autofree char *seconds = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");

  /* Seven digits, as .NET writes them. */
  return g_strdup_printf ("%s.%06d0Z", seconds, (int) (time_us % G_USEC_PER_SEC));
}
