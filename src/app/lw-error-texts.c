/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What people read about an error: for each advice of the catalogue what happened, what it means
 * for the lab and what to do. The catalogue decides which advice fits; here are its words. Main
 * thread, no state. */

#include <glib/gi18n.h>
#include <string.h>

#include "lw-texts.h"

typedef struct
{
  const char *id;
  const char *title;
  const char *meaning;
  const char *todo;
} Entry;

/* Sorted by id, but for the last, which fits everything. */
static const Entry entries[] = {
  { "denied", N_ ("Access was refused by this computer"),
    N_ ("A file or service of this computer may not be used by Labwalk."),
    N_ ("Check the permissions of the folder, then try again.") },
  { "interrupted", N_ ("The connection was cut"),
    N_ ("The answer ended in the middle. What was asked for may still be going on in the cloud."),
    N_ ("Try again. Nothing is made twice.") },
  { "keyring-dismissed", N_ ("The keyring stayed closed"),
    N_ ("The question of the keyring was dismissed, so the sign-in cannot be kept."),
    N_ ("Unlock the keyring, or keep the sign-in in memory until Labwalk is closed.") },
  { "keyring-locked", N_ ("The keyring is locked"),
    N_ ("The sign-in is kept in the keyring only, never in a file."),
    N_ ("Unlock the keyring, or keep the sign-in in memory until Labwalk is closed.") },
  { "keyring-missing", N_ ("This computer has no keyring"),
    N_ ("The sign-in is kept in the keyring only, never in a file."),
    N_ ("Keep the sign-in in memory: it ends when Labwalk is closed.") },
  { "malformed", N_ ("The answer cannot be read"),
    N_ ("A service or a file gave something other than expected."),
    N_ ("Try again. If it stays so, copy the details and report them.") },
  { "newer-version", N_ ("Written by a newer Labwalk"),
    N_ ("The file is left as it is."), N_ ("Update Labwalk.") },
  { "no-space", N_ ("The disk is full"),
    N_ ("Nothing was written; what was there before still stands."),
    N_ ("Free some space, then try again.") },
  { "not-found", N_ ("Something is missing on this computer"),
    N_ ("A file, program or package that is needed was not found."),
    N_ ("The details say what is missing.") },
  { "proxy", N_ ("The proxy does not answer"),
    N_ ("Requests go through a proxy, and it refused or is not there."),
    N_ ("Check the proxy of the system, or start the practice cloud again.") },
  { "sign-in-declined", N_ ("The sign-in was declined"),
    N_ ("It was cancelled in the browser, or a policy of the organisation does not allow it."),
    N_ ("Sign in again, in the browser where the code was used, or ask the administrator.") },
  { "sign-in-expired", N_ ("The time for signing in ran out"),
    N_ ("The code or page was not used in time."), N_ ("Begin again; a new code is made.") },
  { "sign-in-needed", N_ ("A new sign-in is needed"),
    N_ ("The former one has ended. What was made in the cloud is still there."),
    N_ ("Sign in again; the lab goes on from where it is.") },
  { "timed-out", N_ ("No answer in time"),
    N_ ("The service or the network is slow. What was begun may still be going on in the cloud."),
    N_ ("Try again in a moment. Nothing is made twice.") },
  { "tls", N_ ("The connection is not safe"),
    N_ ("The certificate of the other side is not trusted, so nothing was sent."),
    N_ ("A network that opens encrypted connections may be in between. Use another network.") },
  { "too-large", N_ ("The answer is too large"),
    N_ ("It is larger than anything the lab needs and was not read."), NULL },
  { "unreachable", N_ ("The service cannot be reached"),
    N_ ("The network is down, or the name of the service is not known there."),
    N_ ("Check the network, then try again. Practice works without one.") },
  { "untrusted-host", N_ ("An answer pointed to a foreign place"),
    N_ ("The sign-in is sent to the chosen cloud only, so the request was stopped."),
    N_ ("Copy the details and report them.") },
  { "unknown", N_ ("Something went wrong"),
    N_ ("The words of the service are in the details."), N_ ("Try again.") },
};

static const char *const buttons[] = {
  [LW_ADVICE_NONE] = NULL,
  [LW_ADVICE_RETRY] = N_ ("Try Again"),
  [LW_ADVICE_SIGN_IN] = N_ ("Sign In Again"),
  [LW_ADVICE_CHOOSE_SUBSCRIPTION] = N_ ("Choose a Subscription"),
  [LW_ADVICE_CHOOSE_REGION] = N_ ("Choose a Region"),
  [LW_ADVICE_NEW_NAMES] = N_ ("Use New Names"),
  [LW_ADVICE_REGISTER_PROVIDER] = N_ ("Register Providers"),
  [LW_ADVICE_REMOVE_LOCK] = N_ ("Show Locks"),
  [LW_ADVICE_MEMORY_ONLY] = N_ ("Keep in Memory"),
  [LW_ADVICE_UNLOCK_KEYRING] = N_ ("Unlock the Keyring"),
  [LW_ADVICE_PREPARE_PYTHON] = N_ ("Prepare Python"),
  [LW_ADVICE_EDIT_JOB] = N_ ("Edit the Job"),
  [LW_ADVICE_OPEN_LOG] = N_ ("Open the Log"),
  [LW_ADVICE_WAIT] = N_ ("Look Again"),
};

const char *
lw_texts_get_advice_button (LwAdviceAction action)
{
  const char *label = (guint) action < G_N_ELEMENTS (buttons) ? buttons[action] : NULL;

  return label != NULL ? _ (label) : NULL;
}

gboolean
lw_texts_fill_error (const char *id, LwErrorTexts *texts)
{
  gsize i = 0;

  while (i < G_N_ELEMENTS (entries) - 1 && strcmp (entries[i].id, id) != 0)
    i++;
  texts->title = _ (entries[i].title);
  texts->meaning = _ (entries[i].meaning);
  texts->todo = entries[i].todo != NULL ? _ (entries[i].todo) : NULL;
  return strcmp (entries[i].id, id) == 0;
}
