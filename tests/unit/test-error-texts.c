/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Every advice of the catalogue has words for people, and every action a button. */

#include <gio/gio.h>

#include "lw-texts.h"

static LwAdviceCatalogue *
load_catalogue (void)
{
  g_autofree char *path
    = g_build_filename (g_getenv ("LW_TEST_SOURCE_ROOT"), "data", "advice", "advice.json", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  LwAdviceCatalogue *catalogue;
  gsize length;

  g_file_get_contents (path, &text, &length, &error);
  g_assert_no_error (error);
  bytes = g_bytes_new (text, length);
  catalogue = lw_advice_catalogue_load (bytes, &error);
  g_assert_no_error (error);
  return catalogue;
}

static void
test_all (void)
{
  g_autoptr (LwAdviceCatalogue) catalogue = load_catalogue ();
  g_auto (GStrv) ids = lw_advice_catalogue_list_ids (catalogue);

  g_assert_cmpuint (g_strv_length (ids), >, 50);
  for (gsize i = 0; ids[i] != NULL; i++)
    {
      const LwAdvice *advice = lw_advice_get (catalogue, ids[i]);
      LwErrorTexts texts = { NULL };

      if (!lw_texts_fill_error (ids[i], &texts))
        g_error ("no words for the advice “%s”", ids[i]);
      g_assert_cmpuint (g_utf8_strlen (texts.title, -1), <=, 60);
      g_assert_false (g_str_has_suffix (texts.title, "."));
      g_assert_true (g_str_has_suffix (texts.meaning, "."));
      if (texts.todo != NULL)
        g_assert_true (g_str_has_suffix (texts.todo, "."));
      /* A button without a sentence that leads to it would be a riddle. */
      if (advice->action != LW_ADVICE_NONE)
        {
          g_assert_nonnull (texts.todo);
          g_assert_nonnull (lw_texts_get_advice_button (advice->action));
        }
    }
}

static void
test_unknown (void)
{
  LwErrorTexts texts = { NULL };

  g_assert_false (lw_texts_fill_error ("never-heard-of", &texts));
  g_assert_nonnull (texts.title);
  g_assert_nonnull (texts.meaning);
}

static void
test_durations (void)
{
  const struct
  {
    gint64 seconds;
    const char *text;
  } cases[] = {
    { -5, "0 s" },        { 0, "0 s" },           { 59, "59 s" },
    { 60, "1 min 0 s" },  { 3599, "59 min 59 s" }, { 3600, "1 h 0 min" },
    { 90061, "25 h 1 min" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = lw_texts_dup_duration (cases[i].seconds * G_USEC_PER_SEC);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_usual (void)
{
  g_autofree char *none = lw_texts_dup_usual (0, 0);
  g_autofree char *seconds = lw_texts_dup_usual (5, 20);
  g_autofree char *minutes = lw_texts_dup_usual (100, 290);

  g_assert_null (none);
  g_assert_cmpstr (seconds, ==, "usually 5–20 s");
  g_assert_cmpstr (minutes, ==, "usually 1–5 min");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/texts/errors/all", test_all);
  g_test_add_func ("/texts/errors/unknown", test_unknown);
  g_test_add_func ("/texts/durations", test_durations);
  g_test_add_func ("/texts/usual", test_usual);
  return g_test_run ();
}
