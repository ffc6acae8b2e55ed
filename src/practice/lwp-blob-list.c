/* SPDX-License-Identifier: GPL-3.0-or-later */

/* List Blobs and List Containers, in XML with a byte order mark as the service sends it. With a
 * delimiter a whole folder becomes one entry: the search then goes on behind the folder, so that
 * the work follows from what is listed and not from what is below. */

#include <string.h>

#include "lwp-blob-call.h"
#include "lwp-http-date.h"
#include "lwp-sas.h"

#define XML_HEAD "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"utf-8\"?>"
#define MAX_RESULTS 5000
#define BATCH 256

typedef struct
{
  const LwpBlobCall *call;
  GString *entries; /* owned */
  const char *prefix;
  const char *delimiter; /* "" for none */
  gboolean with_metadata;
  guint left;      /* how many entries may still come */
  char *from;      /* owned; where to go on */
  gboolean ended;  /* nothing is left behind @from */
} Listing;

static void
append_element (GString *text, const char *name, const char *value)
{
  g_autofree char *escaped = g_markup_escape_text (value, -1);

  if (*value == '\0')
    g_string_append_printf (text, "<%s />", name);
  else
    g_string_append_printf (text, "<%s>%s</%s>", name, escaped, name);
}

/* XML has no way to write most control characters: such a name is sent percent-encoded. */
static void
append_name (GString *text, const char *name)
{
  g_autofree char *encoded = NULL;

  for (const char *c = name; *c != '\0'; c++)
    {
      if ((guchar) *c >= 0x20 || *c == '\t')
        continue;
      encoded = g_uri_escape_string (name, "/", FALSE);
      g_string_append_printf (text, "<Name Encoded=\"true\">%s</Name>", encoded);
      return;
    }
  append_element (text, "Name", name);
}

static void
append_metadata_cb (JsonObject *object, const char *name, JsonNode *node, gpointer text)
{
  append_element (text, name, json_node_get_string (node));
}

static void
append_header (GString *text, const LwpBlob *blob, const char *name)
{
  append_element (text, name, json_object_get_string_member_with_default (blob->headers, name, ""));
}

static void
append_blob (const Listing *listing, const LwpBlob *blob)
{
  GString *text = listing->entries;
  g_autofree char *created = lwp_http_date_dup (blob->created_us);
  g_autofree char *changed = lwp_http_date_dup (blob->changed_us);
  g_autofree char *etag = lwp_blob_dup_etag (blob);
  g_autofree char *size = g_strdup_printf ("%" G_GUINT64_FORMAT, blob->size);

  g_string_append (text, "<Blob>");
  append_name (text, blob->name);
  g_string_append (text, "<Properties>");
  append_element (text, "Creation-Time", created);
  append_element (text, "Last-Modified", changed);
  append_element (text, "Etag", etag);
  append_element (text, "Content-Length", size);
  append_element (text, "Content-Type", blob->content_type);
  append_header (text, blob, "Content-Encoding");
  append_header (text, blob, "Content-Language");
  append_element (text, "Content-MD5", blob->md5 == NULL ? "" : blob->md5);
  append_header (text, blob, "Cache-Control");
  append_header (text, blob, "Content-Disposition");
  append_element (text, "BlobType", blob->kind);
  g_string_append (text, "<AccessTier>Hot</AccessTier><AccessTierInferred>true</AccessTierInferred>"
                         "<LeaseStatus>unlocked</LeaseStatus><LeaseState>available</LeaseState>"
                         "<ServerEncrypted>true</ServerEncrypted></Properties>");
  if (listing->with_metadata && json_object_get_size (blob->metadata) > 0)
    {
      g_string_append (text, "<Metadata>");
      json_object_foreach_member (blob->metadata, append_metadata_cb, text);
      g_string_append (text, "</Metadata>");
    }
  g_string_append (text, "<OrMetadata /></Blob>");
}

/* The folder that @name lies in below the prefix, with its delimiter; %NULL when in none. */
static char *
dup_folder (const Listing *listing, const char *name)
{
  const char *end;

  if (*listing->delimiter == '\0')
    return NULL;
  end = strstr (name + strlen (listing->prefix), listing->delimiter);
  return end == NULL ? NULL
                     : g_strndup (name, (gsize) (end - name) + strlen (listing->delimiter));
}

/* Lists from @from on; stops behind a folder, as the search has to jump over it. */
static void
list_batch (Listing *self)
{
  guint asked = MIN (self->left + 1, BATCH);
  g_autoptr (GPtrArray) blobs
      = lwp_blob_list (self->call->cloud, self->call->key.account, self->call->key.container,
                       self->prefix, self->from, asked);

  for (guint i = 0; i < blobs->len; i++)
    {
      const LwpBlob *blob = g_ptr_array_index (blobs, i);
      g_autofree char *folder = dup_folder (self, blob->name);

      g_free (self->from);
      self->from = g_strdup (blob->name);
      if (self->left == 0)
        return;
      self->left--;
      if (folder != NULL)
        {
          g_string_append (self->entries, "<BlobPrefix>");
          append_name (self->entries, folder);
          g_string_append (self->entries, "</BlobPrefix>");
          g_free (self->from);
          self->from = g_strconcat (folder, "\xF4\x8F\xBF\xBF", NULL);
          return;
        }
      append_blob (self, blob);
      /* The next name there can be: the same with the lowest character added. */
      g_free (self->from);
      self->from = g_strconcat (blob->name, "\x01", NULL);
    }
  self->ended = blobs->len < asked;
}

static guint
read_max_results (LwpRequest *request)
{
  const char *text = lwp_request_get_query (request, "maxresults");
  guint64 value;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT32, &value, NULL))
    return MAX_RESULTS;
  return (guint) MIN (value, MAX_RESULTS);
}

static const char *
query_or_empty (LwpRequest *request, const char *name)
{
  const char *value = lwp_request_get_query (request, name);

  return value == NULL ? "" : value;
}

/* A marker is opaque to clients: base64 of the name to go on from. */
static char *
dup_marker_name (LwpRequest *request)
{
  const char *marker = query_or_empty (request, "marker");
  g_autofree guchar *bytes = NULL;
  gsize size;

  if (*marker == '\0')
    return g_strdup ("");
  bytes = g_base64_decode (marker, &size);
  return g_utf8_make_valid ((const char *) bytes, (gssize) size);
}

static LwpResponse *
new_document (const LwpBlobCall *call, const Listing *listing)
{
  g_autoptr (GString) text = g_string_new (XML_HEAD);
  g_autofree char *container = g_markup_escape_text (call->key.container, -1);
  g_autofree char *marker = NULL;
  LwpResponse *response;

  g_string_append_printf (
      text,
      "<EnumerationResults ServiceEndpoint=\"https://%s.blob.core.windows.net/\""
      " ContainerName=\"%s\">",
      call->key.account, container);
  if (*listing->prefix != '\0')
    append_element (text, "Prefix", listing->prefix);
  if (*query_or_empty (call->request, "marker") != '\0')
    append_element (text, "Marker", query_or_empty (call->request, "marker"));
  if (lwp_request_get_query (call->request, "maxresults") != NULL)
    append_element (text, "MaxResults", query_or_empty (call->request, "maxresults"));
  if (*listing->delimiter != '\0')
    append_element (text, "Delimiter", listing->delimiter);
  g_string_append_printf (text, "<Blobs>%s</Blobs>", listing->entries->str);
  if (!listing->ended)
    marker = g_base64_encode ((const guchar *) listing->from, strlen (listing->from));
  append_element (text, "NextMarker", marker == NULL ? "" : marker);
  g_string_append (text, "</EnumerationResults>");
  response = lwp_response_new_text (200, "application/xml", text->str);
  lwp_blob_call_add_headers (call, response);
  return response;
}

LwpResponse *
lwp_blob_list_blobs (const LwpBlobCall *call)
{
  Listing listing = { 0 };
  LwpResponse *response = lwp_blob_call_authorize (call, "l");

  if (response != NULL)
    return response;
  if (!lwp_container_exists (call->cloud, call->key.account, call->key.container))
    return lwp_blob_call_new_error (call, 404, "ContainerNotFound",
                                    "The specified container does not exist.");
  listing.call = call;
  listing.entries = g_string_new (NULL);
  listing.prefix = query_or_empty (call->request, "prefix");
  listing.delimiter = query_or_empty (call->request, "delimiter");
  listing.with_metadata = strstr (query_or_empty (call->request, "include"), "metadata") != NULL;
  listing.left = read_max_results (call->request);
  listing.from = dup_marker_name (call->request);
  do
    list_batch (&listing);
  while (!listing.ended && listing.left > 0);
  /* One more look tells whether a next page has anything. */
  if (!listing.ended && listing.left == 0)
    list_batch (&listing);
  response = new_document (call, &listing);
  g_string_free (listing.entries, TRUE);
  g_free (listing.from);
  return response;
}

LwpResponse *
lwp_blob_list_containers (const LwpBlobCall *call)
{
  g_autoptr (GString) text = g_string_new (XML_HEAD);
  g_autoptr (GPtrArray) names = NULL;
  LwpResponse *response = lwp_blob_call_authorize (call, "");

  if (response != NULL)
    return response;
  names = lwp_container_list (call->cloud, call->key.account);
  g_string_append_printf (
      text,
      "<EnumerationResults ServiceEndpoint=\"https://%s.blob.core.windows.net/\"><Containers>",
      call->key.account);
  for (guint i = 0; i < names->len; i++)
    {
      g_string_append (text, "<Container>");
      append_element (text, "Name", g_ptr_array_index (names, i));
      g_string_append (text, "<Properties><LeaseStatus>unlocked</LeaseStatus></Properties>"
                             "</Container>");
    }
  g_string_append (text, "</Containers><NextMarker /></EnumerationResults>");
  response = lwp_response_new_text (200, "application/xml", text->str);
  lwp_blob_call_add_headers (call, response);
  return response;
}
