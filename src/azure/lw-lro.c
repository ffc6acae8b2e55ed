/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Following a long-running operation of Resource Manager to its end. All state is on the stack of
 * the waiting thread; any number of threads may wait at once. */

#include "lw-lro.h"

#include <string.h>

#include "lw-error.h"

/* Polls without Retry-After come after these seconds; the last one repeats. */
static const guint poll_waits_s[] = { 2, 5, 10, 15 };

/* A longer Retry-After would leave the person without news. */
#define MAX_WAIT_US (120 * (gint64) G_TIME_SPAN_SECOND)

/* A shorter one, as "Retry-After: 0", would make a loop of requests. */
#define MIN_WAIT_US (200 * (gint64) G_TIME_SPAN_MILLISECOND)

/* Answers in a row that are no status at all, or that do not know what was just created. */
#define MAX_MALFORMED 5

typedef enum
{
  LRO_STATUS,   /* Azure-AsyncOperation or Operation-Location: a status resource */
  LRO_LOCATION, /* Location: 202 until done */
  LRO_RESOURCE, /* the resource itself and its provisioningState */
} LroKind;

typedef enum
{
  LRO_RUNNING,
  LRO_DONE,
  LRO_FAILED, /* with an error set */
} LroState;

typedef struct
{
  LwAzure *azure;          /* borrowed */
  const LwAzureCall *call; /* borrowed: what started the operation */
  LwLroProgressFunc progress;
  gpointer user_data;
  LroKind kind;
  char *status_url;      /* owned, nullable */
  char *location_url;    /* owned, nullable */
  gint64 retry_after_us; /* of the last answer, or -1 */
  gint64 started_us;
  guint n_polls;
  guint n_malformed;     /* in a row */
  gboolean was_deleting; /* the resource has said so */
} Lro;

static void
lro_clear (Lro *self)
{
  g_clear_pointer (&self->status_url, g_free);
  g_clear_pointer (&self->location_url, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Lro, lro_clear)

static void
report (Lro *self, const char *status)
{
  LwClock *clock = lw_azure_get_clock (self->azure);

  if (self->progress != NULL)
    self->progress (status, lw_clock_get_monotonic_us (clock) - self->started_us, self->user_data);
}

/* A header that says where to poll: absolute, or a path on the host of Resource Manager. Whether it
 * may be asked, lw_azure_send() decides. */
static void
take_url (Lro *self, const LwHttpResponse *response, const char *header, char **url)
{
  const char *value = lw_http_response_get_header (response, header);

  if (value == NULL || *value == '\0')
    return;
  g_free (*url);
  if (value[0] == '/' && value[1] != '/')
    *url = g_strconcat ("https://", lw_azure_get_cloud (self->azure)->arm_host, value, NULL);
  else
    *url = g_strdup (value);
}

/* The newest answer decides where and when to ask next. */
static void
take_headers (Lro *self, const LwHttpResponse *response)
{
  gint64 now_us = lw_clock_get_now_us (lw_azure_get_clock (self->azure));

  self->retry_after_us = lw_retry_get_after_us (response, now_us);
  take_url (self, response, "Azure-AsyncOperation", &self->status_url);
  take_url (self, response, "Operation-Location", &self->status_url);
  take_url (self, response, "Location", &self->location_url);
}

/* The operation's own error; a body that tells none still gives the word with which it ended. */
static void
set_operation_error (GError **error, GBytes *body, const char *status)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GBytes) substitute = NULL;

  lw_azure_error_set_from_body (&local, LW_AZURE_ERROR_OPERATION_FAILED, body);
  if (lw_azure_error_get_code (local) == NULL)
    {
      g_autoptr (JsonBuilder) builder = json_builder_new ();

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "code");
      json_builder_add_string_value (builder, status);
      json_builder_set_member_name (builder, "message");
      json_builder_add_string_value (builder, local->message);
      json_builder_end_object (builder);
      substitute = lw_json_builder_to_bytes (builder);
      g_clear_error (&local);
      lw_azure_error_set_from_body (&local, LW_AZURE_ERROR_OPERATION_FAILED, substitute);
    }
  g_propagate_error (error, g_steal_pointer (&local));
}

static LroState
judge_word (GBytes *body, const char *status, GError **error)
{
  if (g_ascii_strcasecmp (status, "Succeeded") == 0)
    return LRO_DONE;
  if (g_ascii_strcasecmp (status, "Failed") != 0 && g_ascii_strcasecmp (status, "Canceled") != 0
      && g_ascii_strcasecmp (status, "Cancelled") != 0)
    return LRO_RUNNING;
  set_operation_error (error, body, status);
  return LRO_FAILED;
}

static LroState
judge_status (Lro *self, const LwHttpResponse *response, GError **error)
{
  GBytes *body = lw_http_response_get_body (response);
  g_autoptr (LwJsonDocument) document = lw_json_parse (body, NULL);
  LwJson root = { 0 };
  const char *status = NULL;

  if (document != NULL)
    {
      root = lw_json_document_get_root (document);
      status = lw_json_get_string (root, "status", NULL);
    }
  if (status == NULL && lw_http_response_get_status (response) == 202)
    status = "InProgress";
  if (status != NULL)
    {
      self->n_malformed = 0;
      report (self, status);
      return judge_word (body, status, error);
    }
  if (++self->n_malformed < MAX_MALFORMED)
    return LRO_RUNNING;
  g_set_error_literal (error, LW_ERROR, LW_ERROR_MALFORMED,
                       "The status of the operation has no status");
  return LRO_FAILED;
}

static char *
dup_provisioning_state (GBytes *body)
{
  g_autoptr (LwJsonDocument) document = lw_json_parse (body, NULL);
  LwJson properties = { 0 };

  if (document == NULL)
    return NULL;
  properties = lw_json_member (lw_json_document_get_root (document), "properties");
  return g_strdup (lw_json_get_string (properties, "provisioningState", NULL));
}

/* A resource that is to be deleted and still there. One that stands again was not deleted: what a
 * group says when something in it refused to go. */
static LroState
judge_remaining (Lro *self, const LwHttpResponse *response, GError **error)
{
  GBytes *body = lw_http_response_get_body (response);
  g_autofree char *state = dup_provisioning_state (body);

  report (self, state != NULL ? state : "Deleting");
  if (state == NULL || g_ascii_strcasecmp (state, "Deleting") == 0)
    {
      self->was_deleting = TRUE;
      return LRO_RUNNING;
    }
  if (!self->was_deleting)
    return LRO_RUNNING;
  set_operation_error (error, body, state);
  return LRO_FAILED;
}

static LroState
judge_resource (Lro *self, const LwHttpResponse *response, GError **error)
{
  GBytes *body = lw_http_response_get_body (response);
  guint status_code = lw_http_response_get_status (response);
  g_autofree char *state = dup_provisioning_state (body);

  if (status_code == 204)
    return LRO_DONE;
  if (state == NULL)
    {
      report (self, status_code == 200 ? "Succeeded" : "InProgress");
      return status_code == 200 ? LRO_DONE : LRO_RUNNING;
    }
  report (self, state);
  return judge_word (body, state, error);
}

/* Whether the answer that started the operation is its end already; else how to follow it. */
static LroState
judge_first (Lro *self, const LwHttpResponse *first, GError **error)
{
  guint status = lw_http_response_get_status (first);

  /* From 400 up: a status that the caller said is no error, as 404 of a DELETE. */
  if (status == 204 || status >= 400)
    return LRO_DONE;
  take_headers (self, first);
  if (self->status_url != NULL)
    self->kind = LRO_STATUS;
  else if (self->location_url != NULL && status == 202)
    self->kind = LRO_LOCATION;
  if (self->kind != LRO_RESOURCE)
    return LRO_RUNNING;
  /* Nothing to follow an action by; a resource that is being deleted can be asked for. */
  if (strcmp (self->call->method, "POST") == 0)
    return LRO_DONE;
  if (strcmp (self->call->method, "DELETE") == 0)
    return status == 200 ? LRO_DONE : LRO_RUNNING;
  return judge_resource (self, first, error);
}

static LwHttpResponse *
send_poll (Lro *self, GCancellable *cancellable, GError **error)
{
  static const guint gone[] = { 404, 0 };
  LwAzureCall poll = *self->call;

  poll.method = "GET";
  poll.body = NULL;
  poll.accept = gone;
  if (self->kind != LRO_RESOURCE)
    {
      poll.url = self->kind == LRO_STATUS ? self->status_url : self->location_url;
      poll.path = NULL;
      poll.api_version = NULL;
      poll.query = NULL;
    }
  return lw_azure_send (self->azure, &poll, cancellable, error);
}

/* Failures that tell about the moment, not about the operation. */
static gboolean
is_passing (const GError *error)
{
  return g_error_matches (error, LW_ERROR, LW_ERROR_UNREACHABLE)
         || g_error_matches (error, LW_ERROR, LW_ERROR_PROXY)
         || g_error_matches (error, LW_ERROR, LW_ERROR_TIMED_OUT)
         || g_error_matches (error, LW_ERROR, LW_ERROR_INTERRUPTED)
         || g_error_matches (error, LW_AZURE_ERROR, LW_AZURE_ERROR_THROTTLED)
         || g_error_matches (error, LW_AZURE_ERROR, LW_AZURE_ERROR_UNAVAILABLE);
}

/* 404: of the resource, it is gone, as a DELETE wants it, or not yet known everywhere; of a status,
 * that was kept long enough, and the resource itself tells how it went. */
static LroState
judge_gone (Lro *self, const LwHttpResponse *response, GError **error)
{
  if (strcmp (self->call->method, "POST") != 0)
    {
      if (self->kind != LRO_RESOURCE)
        {
          self->kind = LRO_RESOURCE;
          return LRO_RUNNING;
        }
      if (strcmp (self->call->method, "DELETE") == 0)
        return LRO_DONE;
      if (++self->n_malformed < MAX_MALFORMED)
        return LRO_RUNNING;
    }
  lw_azure_error_set_from_response (error, response);
  return LRO_FAILED;
}

static LroState
poll_once (Lro *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (LwHttpResponse) response = send_poll (self, cancellable, &local);
  guint status = 0;

  self->retry_after_us = -1;
  if (response == NULL)
    {
      if (is_passing (local))
        return LRO_RUNNING;
      g_propagate_error (error, g_steal_pointer (&local));
      return LRO_FAILED;
    }
  status = lw_http_response_get_status (response);
  if (status == 404)
    return judge_gone (self, response, error);
  take_headers (self, response);
  switch (self->kind)
    {
    case LRO_STATUS:
      return judge_status (self, response, error);
    case LRO_LOCATION:
      report (self, status == 202 ? "InProgress" : "Succeeded");
      return status == 202 ? LRO_RUNNING : LRO_DONE;
    case LRO_RESOURCE:
      return strcmp (self->call->method, "DELETE") == 0 ? judge_remaining (self, response, error)
                                                        : judge_resource (self, response, error);
    default:
      g_return_val_if_reached (LRO_RUNNING);
    }
}

static gboolean
wait_for_next (Lro *self, gint64 deadline_us, GCancellable *cancellable, GError **error)
{
  LwClock *clock = lw_azure_get_clock (self->azure);
  guint step = MIN (self->n_polls, G_N_ELEMENTS (poll_waits_s) - 1);
  gint64 wait_us = self->retry_after_us >= 0
                       ? CLAMP (self->retry_after_us, MIN_WAIT_US, MAX_WAIT_US)
                       : poll_waits_s[step] * G_TIME_SPAN_SECOND;
  gint64 left_us = self->started_us + deadline_us - lw_clock_get_monotonic_us (clock);

  if (left_us <= 0)
    {
      g_set_error_literal (error, LW_ERROR, LW_ERROR_TIMED_OUT,
                           "The operation goes on, but was waited for long enough");
      return FALSE;
    }
  self->n_polls++;
  return lw_clock_wait (clock, MIN (wait_us, left_us), cancellable, error);
}

gboolean
lw_lro_wait (LwAzure *azure, const LwAzureCall *call, const LwHttpResponse *first,
             gint64 deadline_us, LwLroProgressFunc progress, gpointer user_data,
             GCancellable *cancellable, GError **error)
{
  g_auto (Lro) lro = {
    .azure = azure,
    .call = call,
    .progress = progress,
    .user_data = user_data,
    .kind = LRO_RESOURCE,
    .retry_after_us = -1,
  };
  LroState state = LRO_RUNNING;

  g_return_val_if_fail (azure != NULL, FALSE);
  g_return_val_if_fail (call != NULL, FALSE);
  g_return_val_if_fail (first != NULL || strcmp (call->method, "POST") != 0, FALSE);

  lro.started_us = lw_clock_get_monotonic_us (lw_azure_get_clock (azure));
  if (first != NULL)
    state = judge_first (&lro, first, error);
  while (state == LRO_RUNNING)
    {
      if (!wait_for_next (&lro, deadline_us, cancellable, error))
        return FALSE;
      state = poll_once (&lro, cancellable, error);
    }
  return state == LRO_DONE;
}

gboolean
lw_lro_run (LwAzure *azure, const LwAzureCall *call, gint64 deadline_us, LwLroProgressFunc progress,
            gpointer user_data, GCancellable *cancellable, GError **error)
{
  g_autoptr (LwHttpResponse) first = lw_azure_send (azure, call, cancellable, error);

  if (first == NULL)
    return FALSE;
  return lw_lro_wait (azure, call, first, deadline_us, progress, user_data, cancellable, error);
}
