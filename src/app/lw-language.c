/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The language of the interface. Main thread; a core function on a worker makes no text.
 *
 * gettext looks at LANGUAGE first as long as the locale is not "C", so that a language works even
 * where its own locale was never generated: then C.UTF-8 carries it. */

#include "lw-language.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <string.h>

#include "config.h"
#include "lw-paths.h"

static char *system_languages; /* LANGUAGE as it was when the program began */

void
lw_language_init (void)
{
  const char *dir = lw_paths_get_locale_dir ();

  system_languages = g_strdup (g_getenv ("LANGUAGE"));
  g_setenv ("LANGUAGE", system_languages != NULL ? system_languages : "", TRUE);
  if (setlocale (LC_ALL, "") == NULL)
    setlocale (LC_ALL, "C.UTF-8");
  bindtextdomain (LW_GETTEXT_DOMAIN, dir);
  bind_textdomain_codeset (LW_GETTEXT_DOMAIN, "UTF-8");
  textdomain (LW_GETTEXT_DOMAIN);
}

static const char *
find_locale (const char *language)
{
  if (language[0] == '\0')
    return "";
  return strcmp (language, "ko") == 0 ? "ko_KR.UTF-8" : "en_US.UTF-8";
}

void
lw_language_apply (const char *language)
{
  const char *languages = language[0] != '\0' ? language : system_languages;

  g_setenv ("LANGUAGE", languages != NULL ? languages : "", TRUE);
  if (setlocale (LC_ALL, find_locale (language)) == NULL)
    setlocale (LC_ALL, "C.UTF-8");
  /* Makes gettext forget what it had looked up in the former language. */
  textdomain (LW_GETTEXT_DOMAIN);
}

const char *
lw_language_get_current (void)
{
  /* Translators: the code of the language of this very translation, e.g. "ko". */
  const char *code = _ ("en");

  return strcmp (code, "ko") == 0 ? "ko" : "en";
}
