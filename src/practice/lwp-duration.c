/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lengths of time as Azure writes them: ISO 8601 in the resource manager, .NET spans in the run
 * history. Pure functions, any thread. */

#include "lwp-duration.h"

#include <stdio.h>

#define MAX_DIGITS 9

static gint64
unit_seconds (char unit, gboolean in_time)
{
  switch (unit)
    {
    case 'W':
      return in_time ? 0 : 7 * 86400;
    case 'D':
      return in_time ? 0 : 86400;
    case 'H':
      return in_time ? 3600 : 0;
    case 'M':
      return in_time ? 60 : 0; /* a month has no fixed length */
    case 'S':
      return in_time ? 1 : 0;
    default:
      return 0;
    }
}

gboolean
lwp_duration_parse (const char *text, gint64 *seconds)
{
  gboolean in_time = FALSE;
  gint64 sum = 0;
  gsize parts = 0;

  if (text == NULL || *text != 'P')
    return FALSE;
  for (text++; *text != '\0'; text++)
    {
      gint64 number = 0;
      gsize digits = 0;

      if (*text == 'T' && !in_time)
        {
          in_time = TRUE;
          continue;
        }
      for (; g_ascii_isdigit (*text) && digits < MAX_DIGITS; text++, digits++)
        number = number * 10 + (*text - '0');
      if (digits == 0 || unit_seconds (*text, in_time) == 0)
        return FALSE;
      sum += number * unit_seconds (*text, in_time);
      parts++;
    }
  *seconds = sum;
  return parts > 0;
}

char *
lwp_duration_dup_span (gint64 duration_us)
{
  gint64 ticks = MAX (duration_us, 0) * 10;
  gint64 seconds = ticks / 10000000;
  gint64 days = seconds / 86400;
  g_autofree char *front
      = days == 0 ? g_strdup ("") : g_strdup_printf ("%" G_GINT64_FORMAT ".", days);

  return g_strdup_printf ("%s%02d:%02d:%02d.%07d", front, (int) (seconds / 3600 % 24),
                          (int) (seconds / 60 % 60), (int) (seconds % 60),
                          (int) (ticks % 10000000));
}
