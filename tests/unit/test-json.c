/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "lw-error.h"
#include "lw-json.h"

static LwJsonDocument *
parse (const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));

  return lw_json_parse (bytes, error);
}

static LwJsonDocument *
parse_ok (const char *text)
{
  g_autoptr (GError) error = NULL;
  LwJsonDocument *document = parse (text, &error);

  g_assert_no_error (error);
  g_assert_nonnull (document);
  return document;
}

static void
test_reads (void)
{
  g_autoptr (LwJsonDocument) document
      = parse_ok ("\xEF\xBB\xBF{\"value\":[{\"name\":\"한글\",\"n\":3,\"s\":\"3599\",\"d\":3.0,"
                  "\"x\":0.5,\"b\":true,\"z\":null,\"o\":{\"a\":[]}}],\"next\":\"u\"}");
  LwJson root = lw_json_document_get_root (document);
  LwJson first = lw_json_element (lw_json_member (root, "value"), 0);
  g_auto (GStrv) names = lw_json_members (root);
  gint64 n = 0;

  g_assert_cmpstr (names[0], ==, "value");
  g_assert_cmpstr (names[1], ==, "next");
  g_assert_null (names[2]);
  g_assert_cmpuint (lw_json_length (lw_json_member (root, "value")), ==, 1);
  g_assert_cmpstr (lw_json_get_string (first, "name", "?"), ==, "한글");
  g_assert_cmpstr (lw_json_get_string (first, "n", "?"), ==, "?");
  g_assert_cmpstr (lw_json_get_string (first, "z", "?"), ==, "?");
  g_assert_cmpint (lw_json_get_int (first, "n", 0), ==, 3);
  g_assert_cmpint (lw_json_get_int (first, "s", 0), ==, 3599);
  g_assert_cmpint (lw_json_get_int (first, "d", 0), ==, 3);
  g_assert_cmpint (lw_json_get_int (first, "x", -7), ==, -7);
  g_assert_cmpint (lw_json_get_int (first, "name", -7), ==, -7);
  g_assert_true (lw_json_need_int (first, "s", &n, NULL));
  g_assert_cmpint (n, ==, 3599);
  g_assert_cmpfloat (lw_json_get_double (first, "x", 0), ==, 0.5);
  g_assert_cmpfloat (lw_json_get_double (first, "n", 0), ==, 3);
  g_assert_true (lw_json_get_boolean (first, "b", FALSE));
  g_assert_true (lw_json_get_boolean (first, "z", TRUE));
  g_assert_false (lw_json_is_present (lw_json_member (first, "z")));
  g_assert_true (lw_json_is_array (lw_json_at (first, "o", "a", NULL)));
  g_assert_false (lw_json_is_present (lw_json_at (first, "no", "such", "path", NULL)));
  g_assert_false (lw_json_is_present (lw_json_element (lw_json_member (root, "value"), 1)));
}

static void
test_need_names_path (void)
{
  g_autoptr (LwJsonDocument) document
      = parse_ok ("{\"value\":[{},{\"properties\":{\"status\":5,\"inner\":null}}]}");
  LwJson root = lw_json_document_get_root (document);
  LwJson second = lw_json_element (lw_json_member (root, "value"), 1);
  LwJson properties = lw_json_member (second, "properties");
  g_autoptr (GError) error = NULL;
  LwJson inner;
  gint64 n = 9;

  g_assert_null (lw_json_need_string (properties, "status", &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_MALFORMED);
  g_assert_cmpstr (error->message, ==, "value[1].properties.status: string expected");

  /* The first failure stands. */
  g_assert_false (lw_json_need_object (properties, "inner", &inner, &error));
  g_assert_false (lw_json_need_array (properties, "inner", &inner, &error));
  g_assert_false (lw_json_need_int (properties, "status", &n, &error));
  g_assert_cmpint (n, ==, 9);
  g_assert_cmpstr (error->message, ==, "value[1].properties.status: string expected");

  g_clear_error (&error);
  g_assert_false (lw_json_need_object (properties, "inner", &inner, &error));
  g_assert_cmpstr (error->message, ==, "value[1].properties.inner: object expected");
  g_clear_error (&error);
  g_assert_false (lw_json_need_array (lw_json_member (root, "gone"), "value", &inner, &error));
  g_assert_cmpstr (error->message, ==, "gone.value: array expected");
  g_clear_error (&error);
  g_assert_false (lw_json_need_int (properties, "inner", &n, &error));
  g_assert_cmpstr (error->message, ==, "value[1].properties.inner: whole number expected");
}

static void
test_refuses (void)
{
  static const char *const broken[] = {
    "",       " ",         "\xEF\xBB\xBF", "{",         "[1,]",       "{\"a\":1}{}",
    "['a']",  "[/*\"*/1]", "{\"a\" \"b\"}", "var x = 1;", "[\"\\x\"]", "[\"\\u12g4\"]",
    "[\"a\\", "[\"a",      "]",            "[}",        "{\"a\":}",   "<html>",
    "[tru]",  "[1 2]",     "[1]#",         "\"\xff\"",   "[\"\xed\xa0\x80\"]",
  };

  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", broken[i]);
      g_assert_null (parse (broken[i], &error));
      g_assert_error (error, LW_ERROR, LW_ERROR_MALFORMED);
    }
}

static void
test_message_keeps_secret (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (parse ("{\"access_token\" \"geheim\"}", &error));
  g_assert_null (strstr (error->message, "geheim"));
}

static void
test_embedded_zero (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("[1]\0", 4);
  g_autoptr (GError) error = NULL;

  g_assert_null (lw_json_parse (bytes, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_MALFORMED);
}

/* Escapes, and what they are read as. */
static void
test_escapes (void)
{
  static const struct
  {
    const char *text;
    const char *value;
  } table[] = {
    { "[\"\\ud83d\\ude00\"]", "\xF0\x9F\x98\x80" },
    { "[\"a\\ud83d\"]", "a\uFFFD" },
    { "[\"\\ud83dx\\ude00\"]", "\uFFFDx\uFFFD" },
    { "[\"\\ude00\\ud83d\"]", "\uFFFD\uFFFD" },
    { "[\"\\ud83d\\ud83d\\ude00\"]", "\uFFFD\xF0\x9F\x98\x80" },
    { "[\"a\\u0000b\"]", "a\uFFFDb" },
    { "[\"\\\\u0000\"]", "\\u0000" },
    { "[\"\\\"\\/\\b\\f\\n\\r\\t\"]", "\"/\b\f\n\r\t" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (LwJsonDocument) document = parse_ok (table[i].text);
      LwJson value = lw_json_element (lw_json_document_get_root (document), 0);

      g_assert_cmpstr (lw_json_as_string (value, NULL), ==, table[i].value);
    }
}

static char *
nested (guint depth)
{
  g_autofree char *open = g_strnfill (depth, '[');
  g_autofree char *close = g_strnfill (depth, ']');

  return g_strconcat (open, close, NULL);
}

static void
test_depth_limit (void)
{
  g_autofree char *deep = nested (LW_JSON_MAX_DEPTH);
  g_autofree char *too_deep = nested (LW_JSON_MAX_DEPTH + 1);
  g_autofree char *absurd = g_strnfill (1000 * 1000, '[');
  g_autofree char *hidden = g_strconcat ("/*\"*/", absurd, NULL);
  g_autoptr (LwJsonDocument) document = parse_ok (deep);
  g_autoptr (GError) error = NULL;

  g_assert_true (lw_json_is_array (lw_json_document_get_root (document)));
  g_assert_null (parse (too_deep, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_TOO_LARGE);
  g_clear_error (&error);
  g_assert_null (parse (absurd, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_TOO_LARGE);
  g_clear_error (&error);
  g_assert_null (parse (hidden, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_MALFORMED);
}

static void
test_size_limit (void)
{
  gsize size = LW_JSON_MAX_SIZE + 1;
  char *text = g_strnfill (size, ' ');
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, size);
  g_autoptr (GBytes) fits = g_bytes_new_from_bytes (bytes, 0, LW_JSON_MAX_SIZE);
  g_autoptr (LwJsonDocument) document = NULL;
  g_autoptr (GError) error = NULL;

  text[0] = '[';
  text[LW_JSON_MAX_SIZE - 1] = ']';
  g_assert_null (lw_json_parse (bytes, &error));
  g_assert_error (error, LW_ERROR, LW_ERROR_TOO_LARGE);
  g_clear_error (&error);
  document = lw_json_parse (fits, &error);
  g_assert_no_error (error);
}

static void
test_numbers_at_the_edge (void)
{
  g_autoptr (LwJsonDocument) document
      = parse_ok ("{\"max\":9223372036854775807,\"over\":9.3e18,\"inf\":1e999,"
                  "\"text\":\"9223372036854775808\",\"min\":\"-9223372036854775808\"}");
  LwJson root = lw_json_document_get_root (document);

  g_assert_cmpint (lw_json_get_int (root, "max", 0), ==, G_MAXINT64);
  g_assert_cmpint (lw_json_get_int (root, "over", -1), ==, -1);
  g_assert_cmpint (lw_json_get_int (root, "inf", -1), ==, -1);
  g_assert_cmpint (lw_json_get_int (root, "text", -1), ==, -1);
  g_assert_cmpint (lw_json_get_int (root, "min", 0), ==, G_MININT64);
  g_assert_cmpfloat (lw_json_get_double (root, "inf", 2), ==, 2);
}

static void
test_times (void)
{
  g_autoptr (LwJsonDocument) document
      = parse_ok ("{\"z\":\"2024-01-01T00:00:00.1234567Z\",\"o\":\"2024-01-01T09:00:00+09:00\","
                  "\"n\":\"2024-01-01T00:00:00\",\"bad\":\"yesterday\",\"null\":null,\"empty\":\"\"}");
  LwJson root = lw_json_document_get_root (document);

  g_assert_cmpint (lw_json_get_time_us (root, "z"), ==, 1704067200123456);
  g_assert_cmpint (lw_json_get_time_us (root, "o"), ==, 1704067200000000);
  g_assert_cmpint (lw_json_get_time_us (root, "n"), ==, 1704067200000000);
  g_assert_cmpint (lw_json_get_time_us (root, "bad"), ==, 0);
  g_assert_cmpint (lw_json_get_time_us (root, "null"), ==, 0);
  g_assert_cmpint (lw_json_get_time_us (root, "empty"), ==, 0);
  g_assert_cmpint (lw_json_get_time_us (root, "none"), ==, 0);
}

static void
test_round_trip (void)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (LwJsonDocument) document = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *pretty = NULL;
  g_autofree char *absent = NULL;
  LwJson root;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "a\"b");
  json_builder_add_string_value (builder, "c\nd");
  json_builder_end_object (builder);
  bytes = lw_json_builder_to_bytes (builder);
  document = lw_json_parse (bytes, NULL);
  g_assert_nonnull (document);
  root = lw_json_document_get_root (document);
  pretty = lw_json_print (root, TRUE);
  absent = lw_json_print (lw_json_member (root, "none"), FALSE);
  g_assert_cmpstr (lw_json_get_string (root, "a\"b", NULL), ==, "c\nd");
  g_assert_cmpstr (pretty, ==, "{\n  \"a\\\"b\" : \"c\\nd\"\n}");
  g_assert_cmpstr (absent, ==, "null");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/reads", test_reads);
  g_test_add_func ("/json/need-names-path", test_need_names_path);
  g_test_add_func ("/json/refuses", test_refuses);
  g_test_add_func ("/json/message-keeps-secret", test_message_keeps_secret);
  g_test_add_func ("/json/embedded-zero", test_embedded_zero);
  g_test_add_func ("/json/escapes", test_escapes);
  g_test_add_func ("/json/depth-limit", test_depth_limit);
  g_test_add_func ("/json/size-limit", test_size_limit);
  g_test_add_func ("/json/numbers-at-the-edge", test_numbers_at_the_edge);
  g_test_add_func ("/json/times", test_times);
  g_test_add_func ("/json/round-trip", test_round_trip);
  return g_test_run ();
}
