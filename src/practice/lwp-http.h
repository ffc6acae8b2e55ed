/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * LwpRequest:
 *
 * One HTTP request, wholly received. Made by the server, read by one handler on one thread. Strings
 * that a getter returns live as long as the request.
 */
typedef struct _LwpRequest LwpRequest;

/**
 * LwpResponse:
 *
 * The answer to one request. Made by a handler, sent by the server.
 */
typedef struct _LwpResponse LwpResponse;

/**
 * LwpCaller:
 * @tenant: id of the tenant the token was issued for
 * @object: object id of the user or application in that tenant
 * @name: display name
 * @sign_in_name: for instance haneul@labwalk.example
 * @client: id of the client application
 *
 * Who calls, read from the access token of the request. All members are owned and never %NULL.
 */
typedef struct
{
  char *tenant;
  char *object;
  char *name;
  char *sign_in_name;
  char *client;
} LwpCaller;

void lwp_caller_free (LwpCaller *caller);

/* What the server takes as a body; larger is answered 413. The storage SDKs send up to 64 MiB in
 * one request and cut what is larger into blocks. */
#define LWP_MAX_BODY_BYTES ((gsize) 128 * 1024 * 1024)

/**
 * lwp_request_new:
 * @method: "GET", "PUT", …
 * @host: host name without port
 * @target: path and query as sent, beginning with a slash
 *
 * Returns: (transfer full) (nullable): a request without headers and body; %NULL when the path is
 *   not well-formed percent encoding of UTF-8, has more than 64 segments or more than 64 query
 *   fields
 */
LwpRequest *lwp_request_new (const char *method, const char *host, const char *target);
void lwp_request_free (LwpRequest *self);

void lwp_request_add_header (LwpRequest *self, const char *name, const char *value);
void lwp_request_take_body (LwpRequest *self, GBytes *body);
void lwp_request_take_caller (LwpRequest *self, LwpCaller *caller);
void lwp_request_take_params (LwpRequest *self, GHashTable *params);

const char *lwp_request_get_method (LwpRequest *self);

/** lwp_request_get_host: Returns: the host in lower case, without port */
const char *lwp_request_get_host (LwpRequest *self);

/** lwp_request_get_raw_path: Returns: the path as sent, not decoded, without query */
const char *lwp_request_get_raw_path (LwpRequest *self);

/** lwp_request_get_raw_query: Returns: the query as sent, without question mark, maybe empty */
const char *lwp_request_get_raw_query (LwpRequest *self);

/**
 * lwp_request_get_segments:
 *
 * Returns: (transfer none): the decoded segments of the path, %NULL-terminated, empty ones left
 *   out. A segment can hold a slash (sent as %2F) or be "..": check before using one as a file name
 */
const char *const *lwp_request_get_segments (LwpRequest *self);

/**
 * lwp_request_get_param:
 * @name: a name between braces in the pattern of the route
 *
 * Returns: (nullable): the decoded text that stood there; %NULL when the pattern has no such name
 */
const char *lwp_request_get_param (LwpRequest *self, const char *name);

/**
 * lwp_request_get_query:
 * @name: compared without case
 *
 * Returns: (nullable): the decoded value of the first field of that name, empty when it has none
 */
const char *lwp_request_get_query (LwpRequest *self, const char *name);

/**
 * lwp_request_get_header:
 * @name: compared without case
 *
 * Returns: (nullable): the value of the first header of that name
 */
const char *lwp_request_get_header (LwpRequest *self, const char *name);

/**
 * LwpPairFunc:
 *
 * Called for each header, or each query field (decoded), in the order sent.
 */
typedef void (*LwpPairFunc) (const char *name, const char *value, gpointer user_data);

void lwp_request_foreach_header (LwpRequest *self, LwpPairFunc func, gpointer user_data);
void lwp_request_foreach_query (LwpRequest *self, LwpPairFunc func, gpointer user_data);

/** lwp_request_get_body: Returns: (transfer none): the body, maybe empty, never %NULL */
GBytes *lwp_request_get_body (LwpRequest *self);

/**
 * lwp_request_get_json:
 *
 * Returns: (transfer none) (nullable): the body as a JSON object; an empty body is an empty object.
 *   %NULL when it is anything else
 */
JsonObject *lwp_request_get_json (LwpRequest *self);

/**
 * lwp_request_dup_form:
 *
 * Returns: (transfer full): the fields of an application/x-www-form-urlencoded body, string to
 *   string; empty when the body is not one
 */
GHashTable *lwp_request_dup_form (LwpRequest *self);

/**
 * lwp_request_get_caller:
 *
 * Returns: (transfer none) (nullable): who calls; never %NULL in a handler whose route asks for a
 *   token
 */
const LwpCaller *lwp_request_get_caller (LwpRequest *self);

/** lwp_response_new: Returns: (transfer full): an answer with an empty body */
LwpResponse *lwp_response_new (guint status);
void lwp_response_free (LwpResponse *self);

/**
 * lwp_response_new_bytes:
 * @content_type: (nullable): media type
 * @body: (transfer none): the body
 */
LwpResponse *lwp_response_new_bytes (guint status, const char *content_type, GBytes *body);

/** lwp_response_new_text: the same for text, which is copied */
LwpResponse *lwp_response_new_text (guint status, const char *content_type, const char *text);

/**
 * lwp_response_new_json:
 * @object: (transfer full): the body; sent as "application/json; charset=utf-8"
 */
LwpResponse *lwp_response_new_json (guint status, JsonObject *object);

/**
 * lwp_response_new_file:
 * @fd: (transfer full): a readable regular file, closed when sent
 * @offset: first byte
 * @length: number of bytes; the file must have them
 */
LwpResponse *lwp_response_new_file (guint status, const char *content_type, int fd, guint64 offset,
                                    guint64 length);

/**
 * LwpUpgradeFunc:
 * @fd: (transfer none): a connected blocking stream socket with the upgraded connection's plain
 *   bytes; the server closes it when the function returns
 * @early: bytes the client sent after the head of its request, to be read before those of @fd
 *
 * Runs on a thread of its own and blocks as long as the connection lives. Ends soon when @fd is at
 * its end, which also happens when the practice cloud stops.
 */
typedef void (*LwpUpgradeFunc) (int fd, GBytes *early, gpointer user_data);

/**
 * lwp_response_new_upgrade:
 *
 * Answers 101 and gives the connection to @func. Add the headers Upgrade and
 * Sec-WebSocket-Accept; Connection is added by the server.
 */
LwpResponse *lwp_response_new_upgrade (LwpUpgradeFunc func, gpointer user_data,
                                       GDestroyNotify destroy);

/** lwp_response_new_cut: Returns: (transfer full): no answer at all: the connection is closed */
LwpResponse *lwp_response_new_cut (void);

/** lwp_response_set_header: replaces a header of that name, if there is one */
void lwp_response_set_header (LwpResponse *self, const char *name, const char *value);
const char *lwp_response_get_header (LwpResponse *self, const char *name);
guint lwp_response_get_status (LwpResponse *self);

/** lwp_response_dup_body: Returns: (transfer full): the bytes of a body in memory, maybe none */
GBytes *lwp_response_dup_body (LwpResponse *self);

/**
 * lwp_response_new_arm_error:
 * @code: for instance "ResourceNotFound"
 * @format: the message
 *
 * An error of Azure Resource Manager itself: {"error":{"code","message"}} with
 * "x-ms-failure-cause: gateway" (common-types v5, ErrorResponse).
 */
LwpResponse *lwp_response_new_arm_error (guint status, const char *code, const char *format, ...)
  G_GNUC_PRINTF (3, 4);

/**
 * lwp_response_new_arm_details:
 * @target: what the one entry of "details" names
 *
 * The same with "details": [{"code","target","message"}], for clients that look there.
 */
LwpResponse *lwp_response_new_arm_details (guint status, const char *code, const char *target,
                                           const char *format, ...) G_GNUC_PRINTF (4, 5);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwpCaller, lwp_caller_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwpRequest, lwp_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwpResponse, lwp_response_free)

G_END_DECLS
