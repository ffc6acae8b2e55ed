/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The border between libcurl's result codes and ours: nobody else looks at a CURLcode. */

#include <string.h>

#include "lw-error.h"
#include "lw-http-private.h"

/* A handshake that the network cut short is worth another try; one that failed over what the two
 * said to each other is not. libcurl has one code for both. */
static LwError
from_handshake (const char *text)
{
  static const char *const cut_short[]
      = { "Send failure", "Recv failure", "SSL_connect: ", "unexpected eof" };

  for (gsize i = 0; i < G_N_ELEMENTS (cut_short); i++)
    {
      if (strstr (text, cut_short[i]) != NULL)
        return LW_ERROR_INTERRUPTED;
    }
  return LW_ERROR_TLS;
}

static LwError
from_code (const LwHttpTransfer *transfer, CURLcode code)
{
  switch ((int) code)
    {
    case CURLE_COULDNT_RESOLVE_HOST:
      return LW_ERROR_UNREACHABLE;
    case CURLE_COULDNT_CONNECT:
      return transfer->fixed_proxy || transfer->dialled_proxy ? LW_ERROR_PROXY
                                                              : LW_ERROR_UNREACHABLE;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
      return LW_ERROR_PROXY;
    case CURLE_SSL_CONNECT_ERROR:
      return from_handshake (transfer->error_text);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ENGINE_INITFAILED:
      return LW_ERROR_TLS;
    case CURLE_OPERATION_TIMEDOUT:
      return LW_ERROR_TIMED_OUT;
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_SEND_FAIL_REWIND:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_AGAIN:
      return LW_ERROR_INTERRUPTED;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL: /* also what libcurl says of HTTP/0.9 */
    case CURLE_WEIRD_SERVER_REPLY:
      return LW_ERROR_MALFORMED;
    case CURLE_OUT_OF_MEMORY: /* libcurl 7.88's word for one header line over its 100 KiB */
#if LIBCURL_VERSION_NUM >= 0x080600
    case CURLE_TOO_LARGE:
#endif
      return LW_ERROR_TOO_LARGE;
    default:
      return LW_ERROR_FAILED;
    }
}

GError *
lw_http_error_new (const LwHttpTransfer *transfer, CURLcode code)
{
  const char *text = transfer->error_text;
  LwError result = from_code (transfer, code);
  long connect_status = 0;

  /* A proxy that answers CONNECT with anything else than a 2xx; the code differs by version. */
  curl_easy_getinfo (transfer->easy, CURLINFO_HTTP_CONNECTCODE, &connect_status);
  if (connect_status >= 300)
    result = LW_ERROR_PROXY;
  if (result == LW_ERROR_TOO_LARGE)
    text = "a header line of the answer is too long";
  else if (*text == '\0')
    text = curl_easy_strerror (code);
  return g_error_new (LW_ERROR, (int) result, "%s: %s", transfer->host, text);
}
