/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Dates of HTTP (RFC 9110, IMF-fixdate). GLib's and libc's formats follow the locale; HTTP does
 * not. Pure functions, any thread. */

#include "lwp-http-date.h"

#include <stdio.h>
#include <string.h>

static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

char *
lwp_http_date_dup (gint64 time_us)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (time_us / G_USEC_PER_SEC);

  return g_strdup_printf ("%s, %02d %s %04d %02d:%02d:%02d GMT",
                          days[g_date_time_get_day_of_week (time) - 1],
                          g_date_time_get_day_of_month (time),
                          months[g_date_time_get_month (time) - 1], g_date_time_get_year (time),
                          g_date_time_get_hour (time), g_date_time_get_minute (time),
                          g_date_time_get_second (time));
}

gboolean
lwp_http_date_parse (const char *text, gint64 *time_us)
{
  g_autoptr (GDateTime) time = NULL;
  char name[4] = "";
  int day;
  int year;
  int hour;
  int minute;
  int second;
  int month = 0;

  if (sscanf (text, "%*3s, %2d %3s %4d %2d:%2d:%2d GMT", &day, name, &year, &hour, &minute, &second)
      != 6)
    return FALSE;
  while (month < 12 && strcmp (months[month], name) != 0)
    month++;
  /* A month that was not found is 13, which no date has. */
  time = g_date_time_new_utc (year, month + 1, day, hour, minute, second);
  if (time == NULL)
    return FALSE;
  *time_us = g_date_time_to_unix (time) * G_USEC_PER_SEC;
  return TRUE;
}
