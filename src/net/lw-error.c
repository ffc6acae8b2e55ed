/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The error domain of the core. No state, any thread. */

#include "lw-error.h"

G_DEFINE_QUARK (lw-error-quark, lw_error)

static const char *const names[] = {
  [LW_ERROR_FAILED] = "failed",
  [LW_ERROR_UNREACHABLE] = "unreachable",
  [LW_ERROR_PROXY] = "proxy",
  [LW_ERROR_TLS] = "tls",
  [LW_ERROR_TIMED_OUT] = "timed-out",
  [LW_ERROR_INTERRUPTED] = "interrupted",
  [LW_ERROR_TOO_LARGE] = "too-large",
  [LW_ERROR_MALFORMED] = "malformed",
  [LW_ERROR_UNTRUSTED_HOST] = "untrusted-host",
  [LW_ERROR_NOT_FOUND] = "not-found",
  [LW_ERROR_NO_SPACE] = "no-space",
  [LW_ERROR_DENIED] = "denied",
  [LW_ERROR_NEWER_VERSION] = "newer-version",
  [LW_ERROR_SIGN_IN_NEEDED] = "sign-in-needed",
  [LW_ERROR_SIGN_IN_DECLINED] = "sign-in-declined",
  [LW_ERROR_SIGN_IN_EXPIRED] = "sign-in-expired",
  [LW_ERROR_KEYRING_MISSING] = "keyring-missing",
  [LW_ERROR_KEYRING_LOCKED] = "keyring-locked",
  [LW_ERROR_KEYRING_DISMISSED] = "keyring-dismissed",
};

const char *
lw_error_get_name (LwError code)
{
  g_return_val_if_fail ((guint) code < G_N_ELEMENTS (names), "failed");

  return names[code];
}

static LwError
class_of_io (int code)
{
  switch (code)
    {
    case G_IO_ERROR_NOT_FOUND:
    case G_IO_ERROR_NOT_DIRECTORY:
      return LW_ERROR_NOT_FOUND;
    case G_IO_ERROR_PERMISSION_DENIED:
    case G_IO_ERROR_READ_ONLY:
      return LW_ERROR_DENIED;
    case G_IO_ERROR_NO_SPACE:
      return LW_ERROR_NO_SPACE;
    default:
      return LW_ERROR_FAILED;
    }
}

static LwError
class_of_file (int code)
{
  switch (code)
    {
    case G_FILE_ERROR_NOENT:
    case G_FILE_ERROR_NOTDIR:
      return LW_ERROR_NOT_FOUND;
    case G_FILE_ERROR_ACCES:
    case G_FILE_ERROR_PERM:
    case G_FILE_ERROR_ROFS:
      return LW_ERROR_DENIED;
    case G_FILE_ERROR_NOSPC:
      return LW_ERROR_NO_SPACE;
    default:
      return LW_ERROR_FAILED;
    }
}

void
lw_error_propagate_file (GError **dest, GError *source, const char *name)
{
  g_return_if_fail (source != NULL);
  g_return_if_fail (name != NULL);

  if (source->domain == G_FILE_ERROR)
    g_set_error (dest, LW_ERROR, class_of_file (source->code), "%s: %s", name, source->message);
  else if (source->domain == G_IO_ERROR && source->code != G_IO_ERROR_CANCELLED)
    g_set_error (dest, LW_ERROR, class_of_io (source->code), "%s: %s", name, source->message);
  else
    {
      g_propagate_error (dest, source);
      return;
    }
  g_error_free (source);
}
