/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lw-text-filter.h"

#include <string.h>

static const struct
{
  const char *in;
  const char *out;
} cases[] = {
  { "", "" },
  { "plain\ttext\n", "plain\ttext\n" },
  { "10%\r20%\r\n", "10%\r20%\r\n" },
  { "한글 ümlaut 🎉", "한글 ümlaut 🎉" },
  /* Sequences that ECMA-48 knows. */
  { "\033[1;31mred\033[0m", "red" },
  { "\033[2J\033[1;1Hx", "x" },
  { "\033]0;title\007after", "after" },
  { "\033]8;;http://x\033\\link\033]8;;\033\\", "link" },
  { "\033Psomething\033\\x", "x" },
  { "\033(Bx\033=y\033cz", "xyz" },
  { "\302\23331mred", "red" },
  { "\302\235title\302\234after", "after" },
  /* Sequences that are none. */
  { "\033\n", "␛\n" },
  { "a\033[12\nb", "a\nb" },
  { "\033[한", "한" },
  { "\033]0;never ended\nnext line\n", "\nnext line\n" },
  { "\033]0;cut\033[1mbold", "bold" },
  { "end\033", "end␛" },
  /* Control characters. */
  { "a\bb\007c", "a␈b␇c" },
  { "\177", "␡" },
  { "\302\205", "\357\277\275" },
  /* No UTF-8. */
  { "\377", "\357\277\275" },
  { "a\303(", "a\357\277\275(" },
  { "\355\240\275", "\357\277\275\357\277\275\357\277\275" },
  { "\300\200", "\357\277\275\357\277\275" },
  { "cut \354\225", "cut \357\277\275\357\277\275" },
  /* Text that turns round what is read. */
  { "a\342\200\256b\342\201\246c", "a\357\277\275b\357\277\275c" },
};

static void
test_whole (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = lw_text_filter_once (cases[i].in, strlen (cases[i].in));

      g_assert_cmpstr (text, ==, cases[i].out);
    }
}

/* Wherever a text is cut, the same comes out. */
static void
test_cut_anywhere (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize cut = 0; cut <= strlen (cases[i].in); cut++)
      {
        g_autoptr (LwTextFilter) filter = lw_text_filter_new ();
        g_autofree char *first = lw_text_filter_push (filter, cases[i].in, cut);
        g_autofree char *second
          = lw_text_filter_push (filter, cases[i].in + cut, strlen (cases[i].in) - cut);
        g_autofree char *rest = lw_text_filter_end (filter);
        g_autofree char *all = g_strconcat (first, second, rest, NULL);

        g_assert_true (g_utf8_validate (first, -1, NULL));
        g_assert_cmpstr (all, ==, cases[i].out);
      }
}

static void
test_byte_by_byte (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (LwTextFilter) filter = lw_text_filter_new ();
      g_autoptr (GString) all = g_string_new (NULL);
      g_autofree char *rest = NULL;

      for (const char *c = cases[i].in; *c != '\0'; c++)
        {
          g_autofree char *text = lw_text_filter_push (filter, c, 1);

          g_string_append (all, text);
        }
      rest = lw_text_filter_end (filter);
      g_string_append (all, rest);
      g_assert_cmpstr (all->str, ==, cases[i].out);
    }
}

static void
test_nul (void)
{
  g_autofree char *text = lw_text_filter_once ("a\0b", 3);

  g_assert_cmpstr (text, ==, "a␀b");
}

static void
test_limits (void)
{
  g_autofree char *line = g_strnfill (3 * LW_TEXT_FILTER_MAX_LINE, 'x');
  g_autofree char *text = lw_text_filter_once (line, strlen (line));
  g_autofree char *tail = g_strnfill (2 * LW_TEXT_FILTER_MAX_SEQUENCE, 'y');
  g_autofree char *string = g_strconcat ("\033]", tail, NULL);
  g_autofree char *shown = lw_text_filter_once (string, strlen (string));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  g_assert_cmpuint (g_strv_length (lines), ==, 3);
  g_assert_cmpuint (strlen (lines[1]), ==, LW_TEXT_FILTER_MAX_LINE);
  g_assert_cmpuint (strlen (shown), >=, LW_TEXT_FILTER_MAX_SEQUENCE - 1);
}

/* Whatever comes: valid UTF-8 without control characters. */
static void
test_noise (void)
{
  g_autoptr (LwTextFilter) filter = lw_text_filter_new ();

  for (guint round = 0; round < 2000; round++)
    {
      guint8 noise[64];
      gsize length = (gsize) g_test_rand_int_range (0, sizeof noise);
      g_autofree char *text = NULL;

      for (gsize i = 0; i < length; i++)
        noise[i] = (guint8) g_test_rand_int_range (0, 256);
      text = lw_text_filter_push (filter, noise, length);
      g_assert_true (g_utf8_validate (text, -1, NULL));
      for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
        {
          gunichar character = g_utf8_get_char (c);

          g_assert_true (character >= 0x20 || character == '\n' || character == '\t'
                         || character == '\r');
          g_assert_false (character >= 0x7F && character < 0xA0);
        }
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/text-filter/whole", test_whole);
  g_test_add_func ("/text-filter/cut-anywhere", test_cut_anywhere);
  g_test_add_func ("/text-filter/byte-by-byte", test_byte_by_byte);
  g_test_add_func ("/text-filter/nul", test_nul);
  g_test_add_func ("/text-filter/limits", test_limits);
  g_test_add_func ("/text-filter/noise", test_noise);
  return g_test_run ();
}
