/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which handler answers which request. Patterns are taken apart when they are added; afterwards the
 * router is read only and used by all threads. A host has some tens of routes, so each request
 * looks at all of them and takes the one that is most literal. */

#include "lwp-router.h"

#include <string.h>

#include "lwp-cloud.h"
#include "lwp-gate.h"
#include "lwp-http-private.h"
#include "lwp-resource.h"

typedef struct
{
  char **labels; /* owned */
  guint n_labels;
  GPtrArray *entries; /* owned; Entry */
} Host;

typedef struct
{
  const LwpRoute *route; /* static */
  gpointer user_data;
  char **segments; /* owned */
  guint n_segments;
  guint n_literals;
  gboolean open_end; /* the last segment takes what remains */
} Entry;

struct _LwpRouter
{
  GPtrArray *hosts; /* owned; Host */
};

static void
entry_free (Entry *entry)
{
  g_strfreev (entry->segments);
  g_free (entry);
}

static void
host_free (Host *host)
{
  g_strfreev (host->labels);
  g_ptr_array_unref (host->entries);
  g_free (host);
}

LwpRouter *
lwp_router_new (void)
{
  LwpRouter *self = g_new0 (LwpRouter, 1);

  self->hosts = g_ptr_array_new_with_free_func ((GDestroyNotify) host_free);
  return self;
}

void
lwp_router_free (LwpRouter *self)
{
  g_ptr_array_unref (self->hosts);
  g_free (self);
}

static gboolean
is_placeholder (const char *text)
{
  return *text == '{';
}

static char *
dup_placeholder (const char *text)
{
  return g_strndup (text + 1, strcspn (text + 1, "*}"));
}

static Entry *
entry_new (const LwpRoute *route, gpointer user_data)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->route = route;
  entry->user_data = user_data;
  entry->segments = g_strsplit (route->path + 1, "/", -1);
  /* "/" alone is a path without segments. */
  if (*route->path == '/' && route->path[1] == '\0')
    {
      g_strfreev (entry->segments);
      entry->segments = g_new0 (char *, 1);
    }
  entry->n_segments = g_strv_length (entry->segments);
  for (guint i = 0; i < entry->n_segments; i++)
    if (!is_placeholder (entry->segments[i]))
      entry->n_literals++;
    else if (g_str_has_suffix (entry->segments[i], "*}"))
      entry->open_end = TRUE;
  return entry;
}

static Host *
ensure_host (LwpRouter *self, const char *pattern)
{
  Host *host;

  for (guint i = 0; i < self->hosts->len; i++)
    {
      g_autofree char *name = NULL;

      host = g_ptr_array_index (self->hosts, i);
      name = g_strjoinv (".", host->labels);
      if (strcmp (name, pattern) == 0)
        return host;
    }
  host = g_new0 (Host, 1);
  host->labels = g_strsplit (pattern, ".", -1);
  host->n_labels = g_strv_length (host->labels);
  host->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) entry_free);
  g_ptr_array_add (self->hosts, host);
  return host;
}

void
lwp_router_add (LwpRouter *self, const char *pattern, const LwpRoute *routes, gsize n_routes,
                gpointer user_data)
{
  Host *host = ensure_host (self, pattern);

  for (gsize i = 0; i < n_routes; i++)
    {
      g_assert (*routes[i].path == '/');
      g_ptr_array_add (host->entries, entry_new (&routes[i], user_data));
    }
}

static gboolean
host_matches (const Host *host, char **labels)
{
  if (g_strv_length (labels) != host->n_labels)
    return FALSE;
  for (guint i = 0; i < host->n_labels; i++)
    if (*labels[i] == '\0'
        || (!is_placeholder (host->labels[i]) && strcmp (host->labels[i], labels[i]) != 0))
      return FALSE;
  return TRUE;
}

static Host *
find_host (LwpRouter *self, char **labels)
{
  for (guint i = 0; i < self->hosts->len; i++)
    {
      Host *host = g_ptr_array_index (self->hosts, i);

      if (host_matches (host, labels))
        return host;
    }
  return NULL;
}

gboolean
lwp_router_plays_host (LwpRouter *self, const char *name)
{
  g_auto (GStrv) labels = g_strsplit (name, ".", -1);

  return find_host (self, labels) != NULL;
}

static gboolean
entry_matches (const Entry *entry, const char *const *segments, guint n_segments)
{
  guint n_fixed = entry->open_end ? entry->n_segments - 1 : entry->n_segments;

  if (n_segments < n_fixed || (!entry->open_end && n_segments != n_fixed))
    return FALSE;
  for (guint i = 0; i < n_fixed; i++)
    if (!is_placeholder (entry->segments[i])
        && g_ascii_strcasecmp (entry->segments[i], segments[i]) != 0)
      return FALSE;
  return TRUE;
}

/* Sets @path_known when the path is there, though maybe not for this method. */
static const Entry *
find_entry (const Host *host, LwpRequest *request, gboolean *path_known)
{
  const char *const *segments = lwp_request_get_segments (request);
  guint n_segments = g_strv_length ((char **) segments);
  const Entry *best = NULL;

  *path_known = FALSE;
  for (guint i = 0; i < host->entries->len; i++)
    {
      const Entry *entry = g_ptr_array_index (host->entries, i);

      if (!entry_matches (entry, segments, n_segments))
        continue;
      *path_known = TRUE;
      if (strcmp (entry->route->method, lwp_request_get_method (request)) == 0
          && (best == NULL || entry->n_literals > best->n_literals))
        best = entry;
    }
  return best;
}

static GHashTable *
dup_params (const Host *host, char **labels, const Entry *entry, LwpRequest *request)
{
  GHashTable *params = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  const char *const *segments = lwp_request_get_segments (request);

  for (guint i = 0; i < host->n_labels; i++)
    if (is_placeholder (host->labels[i]))
      g_hash_table_replace (params, dup_placeholder (host->labels[i]), g_strdup (labels[i]));
  for (guint i = 0; i < entry->n_segments; i++)
    {
      gboolean rest = entry->open_end && i + 1 == entry->n_segments;

      if (is_placeholder (entry->segments[i]))
        g_hash_table_replace (params, dup_placeholder (entry->segments[i]),
                              rest ? lwp_request_dup_rest (request, i) : g_strdup (segments[i]));
    }
  return params;
}

static LwpResponse *
answer (const Entry *entry, LwpCloud *cloud, LwpRequest *request)
{
  LwpResponse *response = lwp_cloud_before_dispatch (cloud, request);

  if (response == NULL)
    response = lwp_gate_check (cloud, request, entry->route->flags);
  if (response == NULL)
    response = entry->route->handler (cloud, request, entry->user_data);
  return response;
}

LwpResponse *
lwp_router_dispatch (LwpRouter *self, LwpCloud *cloud, LwpRequest *request)
{
  g_auto (GStrv) labels = g_strsplit (lwp_request_get_host (request), ".", -1);
  const Host *host = find_host (self, labels);
  g_autoptr (LwpResponse) response = NULL;
  g_autoptr (GError) failure = NULL;
  gboolean path_known = FALSE;
  const Entry *entry = host != NULL ? find_entry (host, request, &path_known) : NULL;

  if (entry != NULL)
    {
      lwp_resource_settle (cloud);
      lwp_request_take_params (request, dup_params (host, labels, entry, request));
      response = answer (entry, cloud, request);
    }
  else if (path_known)
    response = lwp_response_new_arm_error (405, "MethodNotAllowed",
                                           "The method %s is not allowed here.",
                                           lwp_request_get_method (request));
  else
    response = lwp_response_new_arm_error (404, "NotFound", "The practice cloud does not play %s.",
                                           lwp_request_get_raw_path (request));
  failure = lwp_store_take_error ();
  if (failure != NULL)
    {
      g_warning ("%s", failure->message);
      lwp_response_free (response);
      response = lwp_response_new_arm_error (500, "InternalServerError",
                                             "The practice cloud could not keep its state.");
    }
  lwp_gate_finish (request, response);
  return g_steal_pointer (&response);
}
