/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "lw-base64url.h"
#include "lw-pkce.h"
#include "lw-secret.h"

/* RFC 7636, appendix B. */
static void
test_challenge (void)
{
  g_autofree char *challenge
      = lw_pkce_dup_challenge ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");

  g_assert_cmpstr (challenge, ==, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

/* RFC 7636, appendix A. */
static void
test_base64url (void)
{
  static const guint8 octets[] = { 3, 236, 255, 224, 193 };
  static const char *const spellings[] = { "A-z_4ME", "A-z_4ME=", "A+z/4ME=", "A+z/4ME" };
  g_autofree char *text = lw_base64url_encode (octets, sizeof octets);

  g_assert_cmpstr (text, ==, "A-z_4ME");
  for (gsize i = 0; i < G_N_ELEMENTS (spellings); i++)
    {
      g_autoptr (GBytes) back = lw_base64url_decode (spellings[i]);

      g_assert_cmpmem (octets, sizeof octets, g_bytes_get_data (back, NULL),
                       g_bytes_get_size (back));
    }
}

static void
test_random (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < 1000; i++)
    {
      g_autoptr (GError) error = NULL;
      char *value = lw_pkce_new_random (&error);

      g_assert_no_error (error);
      g_assert_cmpuint (strlen (value), ==, 43);
      g_assert_cmpuint (strspn (value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                       "0123456789-_"),
                        ==, 43);
      g_assert_true (g_hash_table_add (seen, value));
    }
}

static void
test_equal (void)
{
  g_assert_true (lw_pkce_equal ("", ""));
  g_assert_true (lw_pkce_equal ("state", "state"));
  g_assert_false (lw_pkce_equal ("state", "statE"));
  g_assert_false (lw_pkce_equal ("state", "state "));
  g_assert_false (lw_pkce_equal ("state", "stat"));
  g_assert_false (lw_pkce_equal ("", "s"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pkce/challenge", test_challenge);
  g_test_add_func ("/pkce/base64url", test_base64url);
  g_test_add_func ("/pkce/random", test_random);
  g_test_add_func ("/pkce/equal", test_equal);
  return g_test_run ();
}
