/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "lw-markdown.h"

/* The blocks in short: kind, level, marker, markup. */
static char *
describe (const char *text)
{
  static const char *const kinds[] = { "p", "h", "item", "quote", "code", "rule" };
  g_autoptr (GPtrArray) blocks = lw_markdown_read (text);
  GString *all = g_string_new (NULL);

  for (guint i = 0; i < blocks->len; i++)
    {
      const LwMarkdownBlock *block = g_ptr_array_index (blocks, i);

      g_string_append_printf (all, "%s%s%u", i > 0 ? "|" : "", kinds[block->kind], block->level);
      if (block->marker != NULL)
        g_string_append_printf (all, " %s", block->marker);
      g_string_append_printf (all, ":%s", block->markup);
    }
  return g_string_free (all, FALSE);
}

static void
test_table (void)
{
  static const struct
  {
    const char *text;
    const char *expected;
  } rows[] = {
    { "", "" },
    { "# Train **it**", "h1:Train <b>it</b>" },
    { "### Closed ###", "h3:Closed" },
    { "####### seven", "p0:####### seven" },
    { "one\ntwo\n\nthree", "p0:one two|p0:three" },
    { "a *b* _c_ __d__ **e**", "p0:a <i>b</i> <i>c</i> <b>d</b> <b>e</b>" },
    { "snake_case_name and 2 * 3 * 4", "p0:snake_case_name and 2 * 3 * 4" },
    { "`a < b` and ``x`y``", "p0:<tt>a &lt; b</tt> and <tt>x`y</tt>" },
    { "- one\n- two\n  - deeper\n1. first", "item0 •:one|item0 •:two|item1 •:deeper|item0 1.:first" },
    { "- goes\n  on", "item0 •:goes on" },
    { "```python\nif a < b:\n    pass\n\nx\n```\nafter",
      "code0:if a &lt; b:\n    pass\n\nx|p0:after" },
    { "    indented\n    code", "code0:indented\ncode" },
    { "| a | b |\n| - | - |", "code0:| a | b |\n| - | - |" },
    { "> said\n> so", "quote0:said so" },
    { "a\n\n---\nb", "p0:a|rule0:|p0:b" },
    { "[text](https://example.org/?a=1&b=2)",
      "p0:<a href=\"https://example.org/?a=1&amp;b=2\">text</a>" },
    { "[text](javascript:alert) [file](file:///etc/passwd)", "p0:text file" },
    { "![a **picture**](a.png)", "p0:a <b>picture</b>" },
    { "<b>html</b> & <script>", "p0:&lt;b&gt;html&lt;/b&gt; &amp; &lt;script&gt;" },
    { "\\*not\\* \\# this", "p0:*not* # this" },
    { "**open and `open", "p0:**open and `open" },
    { "**bold *both* bold**", "p0:<b>bold <i>both</i> bold</b>" },
    { "한국어 **굵게** 쓴다", "p0:한국어 <b>굵게</b> 쓴다" },
    { "one  \ntwo", "p0:one\n two" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *got = describe (rows[i].text);

      g_assert_cmpstr (got, ==, rows[i].expected);
    }
}

static void
assert_is_markup (const char *markup)
{
  static const GMarkupParser nothing = { NULL };
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&nothing, 0, NULL, NULL);
  g_autofree char *whole = g_strdup_printf ("<markup>%s</markup>", markup);
  g_autoptr (GError) error = NULL;

  g_markup_parse_context_parse (context, whole, -1, &error);
  g_assert_no_error (error);
  g_markup_parse_context_end_parse (context, &error);
  g_assert_no_error (error);
}

/* Whatever is written, what comes out is well-formed. */
static void
test_random (void)
{
  static const char *const pieces[] = { "*", "**", "_", "`", "``", "[", "](", ")", "!", "\\", "a",
                                        " ", "\n", "<", "&", "\"", "#", "- ", "1. ", "```\n", "한",
                                        "http://x", "|", "    ", ">" };

  for (int i = 0; i < 3000; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (GPtrArray) blocks = NULL;
      int n = g_test_rand_int_range (0, 60);

      for (int k = 0; k < n; k++)
        g_string_append (text,
                         pieces[g_test_rand_int_range (0, (int) G_N_ELEMENTS (pieces))]);
      blocks = lw_markdown_read (text->str);
      for (guint k = 0; k < blocks->len; k++)
        assert_is_markup (((LwMarkdownBlock *) g_ptr_array_index (blocks, k))->markup);
    }
}

/* Text made to be slow is not; what is too large is shown as it is. */
static void
test_hostile (void)
{
  static const char *const units[] = { "*a ", "**a", "[", "[a](", "`", "_a*", "![" };

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (GPtrArray) blocks = NULL;
      gint64 begun = g_get_monotonic_time ();

      while (text->len + 8 < LW_MARKDOWN_MAX_SIZE)
        g_string_append (text, units[i]);
      blocks = lw_markdown_read (text->str);
      g_assert_cmpuint (blocks->len, <=, 1);
      g_assert_cmpint (g_get_monotonic_time () - begun, <, 5 * G_USEC_PER_SEC);
    }
  {
    g_autofree char *large = g_strnfill (LW_MARKDOWN_MAX_SIZE + 1, '*');
    g_autofree char *got = describe (large);
    g_autofree char *expected = g_strconcat ("code0:", large, NULL);

    g_assert_cmpstr (got, ==, expected);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/markdown/table", test_table);
  g_test_add_func ("/markdown/random", test_random);
  g_test_add_func ("/markdown/hostile", test_hostile);
  return g_test_run ();
}
