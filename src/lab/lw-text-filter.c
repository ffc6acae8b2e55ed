/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Text from outside made fit to be shown. A small state machine over characters; its memory is a
 * few bytes and does not grow. One thread; ends with its owner. */

#include "lw-text-filter.h"

#include <string.h>

#define REPLACEMENT 0xFFFD
#define PICTURE_OF_NUL 0x2400
#define PICTURE_OF_ESCAPE 0x241B
#define PICTURE_OF_DELETE 0x2421
#define ESCAPE 0x1B
#define BELL 0x07
#define STRING_TERMINATOR 0x9C

/* Bytes of an incomplete character. */
#define MAX_PENDING 4

typedef enum
{
  IN_TEXT,
  AFTER_ESCAPE,
  AFTER_INTERMEDIATE, /* of a sequence like ESC ( B */
  IN_CONTROL,         /* CSI */
  IN_STRING,          /* OSC, DCS, SOS, PM, APC */
  AFTER_STRING_ESCAPE,
} State;

struct _LwTextFilter
{
  State state;
  guint sequence_length; /* characters since the sequence began */
  guint line_length;     /* characters since the line began */
  guint8 pending[MAX_PENDING];
  gsize n_pending;
};

LwTextFilter *
lw_text_filter_new (void)
{
  return g_new0 (LwTextFilter, 1);
}

void
lw_text_filter_free (LwTextFilter *self)
{
  g_free (self);
}

static gboolean
turns_direction (gunichar c)
{
  return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F
         || c == 0x061C;
}

static gunichar
make_visible (gunichar c)
{
  if (c == '\n' || c == '\t' || c == '\r')
    return c;
  if (c < 0x20)
    return PICTURE_OF_NUL + c;
  if (c == 0x7F)
    return PICTURE_OF_DELETE;
  if ((c >= 0x80 && c <= 0x9F) || turns_direction (c))
    return REPLACEMENT;
  return c;
}

static void
put_text (LwTextFilter *self, gunichar c, GString *out)
{
  if (c == '\n' || c == '\r')
    self->line_length = 0;
  else if (++self->line_length > LW_TEXT_FILTER_MAX_LINE)
    {
      g_string_append_c (out, '\n');
      self->line_length = 1;
    }
  g_string_append_unichar (out, make_visible (c));
}

static void
enter (LwTextFilter *self, State state)
{
  self->state = state;
  self->sequence_length = 0;
}

static gboolean
begins_string (gunichar c)
{
  return c == 0x90 || c == 0x98 || c == 0x9D || c == 0x9E || c == 0x9F;
}

static void
take_in_text (LwTextFilter *self, gunichar c, GString *out)
{
  if (c == ESCAPE)
    enter (self, AFTER_ESCAPE);
  else if (c == 0x9B)
    enter (self, IN_CONTROL);
  else if (begins_string (c))
    enter (self, IN_STRING);
  else
    put_text (self, c, out);
}

/* What was taken for a sequence is none: the next character is text again. */
static void
leave_for_text (LwTextFilter *self, gunichar c, GString *out)
{
  enter (self, IN_TEXT);
  take_in_text (self, c, out);
}

static void
take_after_escape (LwTextFilter *self, gunichar c, GString *out)
{
  if (c == '[')
    enter (self, IN_CONTROL);
  else if (c == ']' || c == 'P' || c == 'X' || c == '^' || c == '_')
    enter (self, IN_STRING);
  else if (c >= 0x20 && c <= 0x2F)
    enter (self, AFTER_INTERMEDIATE);
  else if (c >= 0x30 && c <= 0x7E)
    enter (self, IN_TEXT);
  else
    {
      put_text (self, PICTURE_OF_ESCAPE, out);
      leave_for_text (self, c, out);
    }
}

static void
take_in_sequence (LwTextFilter *self, gunichar c, gunichar first_final, GString *out)
{
  if (c >= first_final && c <= 0x7E)
    enter (self, IN_TEXT);
  else if (c < 0x20 || c > 0x7E)
    leave_for_text (self, c, out);
}

/* A line feed ends a string too, so that a forgotten terminator does not swallow the log. */
static void
take_in_string (LwTextFilter *self, gunichar c, GString *out)
{
  if (c == BELL || c == STRING_TERMINATOR)
    enter (self, IN_TEXT);
  else if (c == ESCAPE)
    self->state = AFTER_STRING_ESCAPE;
  else if (c == '\n')
    leave_for_text (self, c, out);
}

static void
take (LwTextFilter *self, gunichar c, GString *out)
{
  if (self->state != IN_TEXT && ++self->sequence_length > LW_TEXT_FILTER_MAX_SEQUENCE)
    enter (self, IN_TEXT);
  switch (self->state)
    {
    case IN_TEXT:
      take_in_text (self, c, out);
      break;
    case AFTER_ESCAPE:
      take_after_escape (self, c, out);
      break;
    case AFTER_INTERMEDIATE:
      take_in_sequence (self, c, 0x30, out);
      break;
    case IN_CONTROL:
      take_in_sequence (self, c, 0x40, out);
      break;
    case IN_STRING:
      take_in_string (self, c, out);
      break;
    case AFTER_STRING_ESCAPE:
      enter (self, IN_TEXT);
      /* ESC \ ends the string; any other escape ends it too, and begins something new. */
      if (c != '\\')
        take_after_escape (self, c, out);
      break;
    default:
      g_assert_not_reached ();
    }
}

/* Returns: bytes used; 0 when @data may only be the beginning of a character */
static gsize
take_bytes (LwTextFilter *self, const guint8 *data, gsize length, GString *out)
{
  gunichar c = *data == '\0' ? 0 : g_utf8_get_char_validated ((const char *) data, (gssize) length);

  if (*data != '\0' && c == (gunichar) -2 && length < MAX_PENDING)
    return 0;
  if (c == (gunichar) -1 || c == (gunichar) -2)
    {
      take (self, REPLACEMENT, out);
      return 1;
    }
  take (self, c, out);
  return *data == '\0' ? 1 : (gsize) g_unichar_to_utf8 (c, NULL);
}

/* Uses up what was kept, with bytes of @data one by one until its character is whole or broken. */
static gsize
finish_pending (LwTextFilter *self, const guint8 *data, gsize length, GString *out)
{
  gsize taken = 0;

  while (self->n_pending > 0)
    {
      gsize used = take_bytes (self, self->pending, self->n_pending, out);

      if (used == 0 && taken == length)
        break;
      if (used == 0)
        self->pending[self->n_pending++] = data[taken++];
      else
        memmove (self->pending, self->pending + used, self->n_pending -= used);
    }
  return taken;
}

char *
lw_text_filter_push (LwTextFilter *self, const void *data, gsize length)
{
  const guint8 *bytes = data;
  GString *out;
  gsize at;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (data != NULL || length == 0, NULL);

  out = g_string_sized_new (length + 1);
  at = finish_pending (self, bytes, length, out);
  while (at < length)
    {
      gsize used = take_bytes (self, bytes + at, length - at, out);

      if (used == 0)
        break;
      at += used;
    }
  if (at < length)
    {
      memcpy (self->pending + self->n_pending, bytes + at, length - at);
      self->n_pending += length - at;
    }
  return g_string_free (out, FALSE);
}

char *
lw_text_filter_end (LwTextFilter *self)
{
  GString *out;

  g_return_val_if_fail (self != NULL, NULL);

  out = g_string_new (NULL);
  for (gsize i = 0; i < self->n_pending; i++)
    take (self, REPLACEMENT, out);
  if (self->state == AFTER_ESCAPE)
    put_text (self, PICTURE_OF_ESCAPE, out);
  *self = (LwTextFilter) { 0 };
  return g_string_free (out, FALSE);
}

char *
lw_text_filter_once (const void *data, gsize length)
{
  LwTextFilter filter = { 0 };
  g_autofree char *text = lw_text_filter_push (&filter, data, length);
  g_autofree char *rest = lw_text_filter_end (&filter);

  return g_strconcat (text, rest, NULL);
}
