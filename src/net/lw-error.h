/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LW_ERROR:
 *
 * The error domain of everything below the application. Its codes say what the caller can do
 * next, not which call failed. A cancelled operation is always %G_IO_ERROR_CANCELLED.
 * What a service of Azure answered is told in #LW_AZURE_ERROR instead (lw-azure-error.h).
 */
#define LW_ERROR (lw_error_quark ())
GQuark lw_error_quark (void);

/**
 * LwError:
 * @LW_ERROR_FAILED: nothing more precise is known
 * @LW_ERROR_UNREACHABLE: the host was not found or refused: check the network, then try again
 * @LW_ERROR_PROXY: the proxy refused or is not there: check its address
 * @LW_ERROR_TLS: the certificate is not trusted: never tried again, never ignored
 * @LW_ERROR_TIMED_OUT: no answer in time: try again later
 * @LW_ERROR_INTERRUPTED: the connection ended in the middle: try again
 * @LW_ERROR_TOO_LARGE: an answer or a file is larger than its named limit
 * @LW_ERROR_MALFORMED: an answer or a file is not what it has to be
 * @LW_ERROR_UNTRUSTED_HOST: a token was about to go to a host outside the chosen cloud: refused
 * @LW_ERROR_NOT_FOUND: a local file, program or package is missing
 * @LW_ERROR_NO_SPACE: the disk is full; the old content stands
 * @LW_ERROR_DENIED: the system refuses access to a local file or service
 * @LW_ERROR_NEWER_VERSION: a file was written by a newer version of this program
 * @LW_ERROR_SIGN_IN_NEEDED: no usable sign-in: a person has to sign in again
 * @LW_ERROR_SIGN_IN_DECLINED: the person, or a policy, said no
 * @LW_ERROR_SIGN_IN_EXPIRED: the code was not used in time: offer a new one
 * @LW_ERROR_KEYRING_MISSING: there is no Secret Service
 * @LW_ERROR_KEYRING_LOCKED: the keyring is locked
 * @LW_ERROR_KEYRING_DISMISSED: the prompt for the keyring was dismissed
 */
typedef enum
{
  LW_ERROR_FAILED,
  LW_ERROR_UNREACHABLE,
  LW_ERROR_PROXY,
  LW_ERROR_TLS,
  LW_ERROR_TIMED_OUT,
  LW_ERROR_INTERRUPTED,
  LW_ERROR_TOO_LARGE,
  LW_ERROR_MALFORMED,
  LW_ERROR_UNTRUSTED_HOST,
  LW_ERROR_NOT_FOUND,
  LW_ERROR_NO_SPACE,
  LW_ERROR_DENIED,
  LW_ERROR_NEWER_VERSION,
  LW_ERROR_SIGN_IN_NEEDED,
  LW_ERROR_SIGN_IN_DECLINED,
  LW_ERROR_SIGN_IN_EXPIRED,
  LW_ERROR_KEYRING_MISSING,
  LW_ERROR_KEYRING_LOCKED,
  LW_ERROR_KEYRING_DISMISSED,
} LwError;

/**
 * lw_error_get_name:
 * @code: a code of #LW_ERROR
 *
 * Returns: (transfer none): the stable word for @code ("unreachable", "tls", …) by which the
 *   catalogue of advice and reports name it
 */
const char *lw_error_get_name (LwError code);

/**
 * lw_error_propagate_file:
 * @dest: (optional): where the error goes
 * @source: (transfer full): an error of GIO or of GLib's file functions
 * @name: what was read or written, without the folders above it, for the message
 *
 * Converts a failure of the local file system: not found, denied, disk full or quota used up,
 * anything else %LW_ERROR_FAILED. %G_IO_ERROR_CANCELLED and errors of our own domains pass
 * unchanged.
 */
void lw_error_propagate_file (GError **dest, GError *source, const char *name);

G_END_DECLS
