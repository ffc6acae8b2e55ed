/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lw-report.h"

#include <glib/gstdio.h>
#include <string.h>

static guint
count (const char *text, const char *what)
{
  guint n = 0;

  for (const char *at = strstr (text, what); at != NULL; at = strstr (at + 1, what))
    n++;
  return n;
}

static void
test_structure (void)
{
  g_autoptr (LwReport) report = lw_report_new ("ko", "연습");
  g_autofree char *html = NULL;

  lw_report_add_section (report, "One", LW_REPORT_GOOD, "Done");
  lw_report_add_figure (report, "AUC", "0.85");
  lw_report_add_figure (report, "Accuracy", "0.77");
  lw_report_add_paragraph (report, "Text");
  lw_report_add_figure (report, "Last", "1");
  html = lw_report_to_html (report);
  g_assert_nonnull (strstr (html, "<html lang=\"ko\">"));
  g_assert_nonnull (strstr (html, "<title>연습</title>"));
  g_assert_nonnull (strstr (html, "<span class=\"state good\">✓ Done</span>"));
  g_assert_cmpuint (count (html, "<table>"), ==, 2);
  g_assert_cmpuint (count (html, "</table>"), ==, 2);
  g_assert_cmpuint (count (html, "<tr>"), ==, 3);
}

static void
test_hostile (void)
{
  static const char attack[] = "</pre><script>alert(1)</script>\" onload='x' \033[31m\302\205";
  g_autoptr (LwReport) report = lw_report_new ("en\"><script>", attack);
  g_autofree char *html = NULL;

  lw_report_add_section (report, attack, LW_REPORT_BAD, attack);
  lw_report_add_paragraph (report, attack);
  lw_report_add_figure (report, attack, attack);
  lw_report_add_log (report, attack, attack);
  lw_report_add_picture (report, "a\"b.png", attack);
  html = lw_report_to_html (report);
  g_assert_null (strstr (html, "<script"));
  g_assert_null (strstr (html, "\" onload"));
  g_assert_null (strchr (html, '\033'));
  g_assert_true (g_utf8_validate (html, -1, NULL));
}

static void
test_secrets (void)
{
  g_autoptr (LwReport) report = lw_report_new ("en", "t");
  g_autofree char *html = NULL;

  lw_report_add_log (report, "log",
                     "GET https://a.blob.core.windows.net/c/b?sv=2019&sig=c2VjcmV0%3D&se=1\n"
                     "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJzZWNyZXQifQ.c2lnbmF0dXJl\n");
  html = lw_report_to_html (report);
  g_assert_null (strstr (html, "c2VjcmV0"));
  g_assert_null (strstr (html, "eyJzdWIi"));
}

static void
test_pictures (void)
{
  static const char *const outside[]
    = { "/etc/x.png", "../x.png", "a/../../x.png", "", "a//b.png", "a\\b.png" };
  g_autoptr (LwReport) report = lw_report_new ("en", "t");
  g_autofree char *html = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (outside); i++)
    lw_report_add_picture (report, outside[i], "outside");
  lw_report_add_picture (report, "pictures/한 1.png", "inside");
  lw_report_add_picture (report, "javascript:alert(1)", "scheme");
  html = lw_report_to_html (report);
  g_assert_null (strstr (html, "outside"));
  g_assert_nonnull (strstr (html, "src=\"./pictures/%ED%95%9C%201.png\""));
  g_assert_null (strstr (html, "src=\"javascript"));
}

static void
test_long_log (void)
{
  g_autoptr (LwReport) report = lw_report_new ("en", "t");
  g_autofree char *middle = g_strnfill (4 * LW_REPORT_MAX_LOG, 'm');
  g_autofree char *log = g_strconcat ("begin\n", middle, "\nend", NULL);
  g_autofree char *html = NULL;

  lw_report_add_log (report, "log", log);
  html = lw_report_to_html (report);
  g_assert_cmpuint (strlen (html), <, 2 * LW_REPORT_MAX_LOG);
  g_assert_nonnull (strstr (html, "begin"));
  g_assert_nonnull (strstr (html, "[…]"));
  g_assert_nonnull (strstr (html, "end</pre>"));
}

static void
test_save (void)
{
  g_autofree char *folder = g_dir_make_tmp ("lw-report-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "report.html", NULL);
  g_autoptr (LwReport) report = lw_report_new ("en", "t");
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_assert_true (lw_report_save (report, path, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "<!DOCTYPE html>"));
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report/structure", test_structure);
  g_test_add_func ("/report/hostile", test_hostile);
  g_test_add_func ("/report/secrets", test_secrets);
  g_test_add_func ("/report/pictures", test_pictures);
  g_test_add_func ("/report/long-log", test_long_log);
  g_test_add_func ("/report/save", test_save);
  return g_test_run ();
}
