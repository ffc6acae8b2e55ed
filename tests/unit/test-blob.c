/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Parts of the blob code that need no server; the rest is tested against Azurite. */

#include "lw-blob-io.h"

static void
test_join (void)
{
  static const struct
  {
    const char *container;
    const char *path;
    const char *expected;
  } table[] = {
    { "https://a.blob.core.windows.net/c?sv=1&sig=a%2Bb%3D", "src/Train classification model.ipynb",
      "https://a.blob.core.windows.net/c/src/Train%20classification%20model.ipynb"
      "?sv=1&sig=a%2Bb%3D" },
    { "https://a.blob.core.windows.net:443/c/?sig=x", "한.txt",
      "https://a.blob.core.windows.net:443/c/%ED%95%9C.txt?sig=x" },
    { "https://a.blob.core.windows.net/c", "a?b#c%d+e",
      "https://a.blob.core.windows.net/c/a%3Fb%23c%25d%2Be" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *url = lw_blob_join_sas (table[i].container, table[i].path);

      g_assert_cmpstr (url, ==, table[i].expected);
    }
}

static void
test_query (void)
{
  g_autofree char *with = lw_blob_io_add_query ("https://h/c?sig=x", "comp=block");
  g_autofree char *without = lw_blob_io_add_query ("https://h/c", "comp=block");

  g_assert_cmpstr (with, ==, "https://h/c?sig=x&comp=block");
  g_assert_cmpstr (without, ==, "https://h/c?comp=block");
}

static void
test_md5 (void)
{
  char md5[LW_BLOB_MD5_LENGTH];

  lw_blob_io_md5 ((const guint8 *) "", 0, md5);
  g_assert_cmpstr (md5, ==, "1B2M2Y8AsgTpgAmY7PhCfg==");
  lw_blob_io_md5 ((const guint8 *) "hello", 5, md5);
  g_assert_cmpstr (md5, ==, "XUFAKrxLKna5cZ2REBfFkg==");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/blob/join", test_join);
  g_test_add_func ("/blob/query", test_query);
  g_test_add_func ("/blob/md5", test_md5);
  return g_test_run ();
}
