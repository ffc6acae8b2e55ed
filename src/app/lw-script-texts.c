/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What people read about runs and Pythons. Main thread, no state. */

#include "lw-script-texts.h"

#include <glib/gi18n.h>
#include <string.h>

void
lw_script_texts_clear (LwScriptTexts *texts)
{
  g_clear_pointer (&texts->title, g_free);
  g_clear_pointer (&texts->meaning, g_free);
  g_clear_pointer (&texts->todo, g_free);
}

/* Of most failures the words are fixed; %s in a meaning stands for the exception's own message. */
typedef struct
{
  const char *title;
  const char *meaning;
  const char *todo;
} Words;

static const Words failures[] = {
  [LW_SCRIPT_FAILURE_LIBRARY]
  = { N_ ("A package is installed but does not load"),
      N_ ("A library that it needs is missing or too old: %s"),
      N_ ("Choose another Python in the list above.") },
  [LW_SCRIPT_FAILURE_NO_PATH]
  = { N_ ("The script does not know which file to read"),
      N_ ("The argument with the path was left out, so the script passed None to pandas."),
      N_ ("Enter the file in the form and run the script again.") },
  [LW_SCRIPT_FAILURE_FILE_NOT_FOUND]
  = { N_ ("A file was not found"), N_ ("Python says: %s"),
      N_ ("Paths count from the folder of the script. Check the value in the form.") },
  [LW_SCRIPT_FAILURE_NAME]
  = { N_ ("A name is not defined"), N_ ("Python says: %s"),
      N_ ("An import or a variable is missing above that line, or its name is misspelled.") },
  [LW_SCRIPT_FAILURE_SYNTAX]
  = { N_ ("The script is not valid Python"), N_ ("Python says: %s"),
      N_ ("Look at the line it names and at the one above it.") },
  [LW_SCRIPT_FAILURE_MEMORY]
  = { N_ ("The memory was not enough"), N_ ("Python could not get as much as it asked for."),
      N_ ("Close other programs, or let the job do it on a larger machine.") },
  [LW_SCRIPT_FAILURE_DENIED]
  = { N_ ("Access was refused"), N_ ("Python says: %s"),
      N_ ("Check the permissions of that file or folder.") },
  [LW_SCRIPT_FAILURE_ARGUMENTS]
  = { N_ ("The script refused its arguments"), N_ ("It says: %s"),
      N_ ("Correct the values in the form.") },
  [LW_SCRIPT_FAILURE_OTHER]
  = { N_ ("The script failed"), N_ ("Python says: %s"),
      N_ ("The last lines of the output tell where.") },
};

/* "NameError: name 'pd' is not defined" */
static char *
dup_exception (const LwScriptResult *result)
{
  const char *exception = result->exception != NULL ? result->exception : "";
  const char *message = result->message != NULL ? result->message : "";

  if (*exception == '\0' || *message == '\0')
    return g_strconcat (exception, message, NULL);
  return g_strdup_printf ("%s: %s", exception, message);
}

void
lw_script_texts_fill_failure (const LwScriptResult *result, LwScriptTexts *texts)
{
  g_autofree char *exception = dup_exception (result);
  const Words *words;
  g_autofree char *install = NULL;

  if (result->failure == LW_SCRIPT_FAILURE_NONE)
    {
      texts->title = g_strdup (_ ("The script failed"));
      texts->meaning = g_strdup (_ ("It ended with an error and did not say which."));
      return;
    }
  if (result->failure == LW_SCRIPT_FAILURE_MISSING_MODULE)
    {
      const char *const modules[] = { result->missing_module, NULL };

      install = lw_script_texts_dup_install (modules);
      texts->title = g_strdup (_ ("A package is missing"));
      /* Translators: name of a Python package */
      texts->meaning = g_strdup_printf (_ ("This Python cannot import “%s”."),
                                        result->missing_module);
      /* Translators: shell commands */
      texts->todo = g_strdup_printf (_ ("Choose another Python, or install it:\n%s"), install);
      return;
    }
  words = &failures[result->failure];
  texts->title = g_strdup (_ (words->title));
  texts->meaning = strstr (words->meaning, "%s") != NULL
                     ? g_strdup_printf (_ (words->meaning), exception)
                     : g_strdup (_ (words->meaning));
  texts->todo = g_strdup (_ (words->todo));
}

/* A failure that belongs to the lab is a lesson, not a fault. */
static void
fill_expected (const LwScriptResult *result, LwScriptTexts *texts)
{
  g_autofree char *exception = dup_exception (result);

  texts->title = g_strdup (_ ("This failure was expected"));
  if (result->failure == LW_SCRIPT_FAILURE_NAME)
    {
      /* Translators: an error message of Python */
      texts->meaning = g_strdup_printf (
        _ ("Without the import, Python does not know the name: %s. A job would fail the same way, "
           "after minutes of waiting."),
        exception);
      texts->todo = g_strdup (_ ("Mend the script, then run it again."));
      return;
    }
  if (result->last_line != NULL)
    /* Translators: the last line that the script printed, e.g. "Reading data..." */
    texts->meaning = g_strdup_printf (
      _ ("The script came to “%s” and then had no file to read: without --training_data the path "
         "is None. So a script in a job has to be given its arguments."),
      result->last_line);
  else
    texts->meaning = g_strdup (_ ("The script asks for arguments and got none."));
}

void
lw_script_texts_fill (LwScriptRunner *runner, LwScriptTexts *texts)
{
  const LwScriptRunResult *run = lw_script_runner_get_run (runner);
  const LwScriptResult *result = lw_script_runner_get_result (runner);

  *texts = (LwScriptTexts){ NULL };
  switch (lw_script_runner_get_outcome (runner))
    {
    case LW_SCRIPT_OUTCOME_STOPPED:
      texts->title = g_strdup (_ ("Stopped"));
      texts->meaning = g_strdup (_ ("The script and everything it started were ended."));
      break;
    case LW_SCRIPT_OUTCOME_PASSED:
      texts->title = g_strdup (_ ("The script ran to its end"));
      texts->meaning = g_strdup (_ ("The same call, as a job, will do the same in the cloud."));
      break;
    case LW_SCRIPT_OUTCOME_EXPECTED:
      fill_expected (result, texts);
      break;
    case LW_SCRIPT_OUTCOME_FAILED:
      lw_script_texts_fill_failure (result, texts);
      break;
    case LW_SCRIPT_OUTCOME_NONE:
    case LW_SCRIPT_OUTCOME_RUNNING:
    default:
      break;
    }
  if (run != NULL && run->truncated && texts->todo == NULL)
    texts->todo = g_strdup (_ ("It printed more than is shown; the rest was dropped."));
}

char *
lw_script_texts_dup_end (LwScriptRunner *runner)
{
  const LwScriptRunResult *run = lw_script_runner_get_run (runner);

  if (run == NULL)
    return NULL;
  if (run->end == LW_SCRIPT_RUN_EXITED)
    /* Translators: the number with which a program ended; 0 is success */
    return g_strdup_printf (_ ("Exit status %d"), run->exit_status);
  /* Translators: number of the signal that ended a program */
  return g_strdup_printf (_ ("Ended by signal %d"), run->signal);
}

char *
lw_script_texts_dup_python (const LwPython *python)
{
  GString *names;
  g_autofree char *list = NULL;

  if (python->version == NULL)
    return g_strdup (_ ("Does not answer"));
  if (python->lacks->len == 0)
    return g_strdup (_ ("Has everything the script imports"));
  names = g_string_new (NULL);
  for (guint i = 0; i < python->lacks->len; i++)
    {
      const LwPythonLack *lack = g_ptr_array_index (python->lacks, i);

      g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", lack->module);
    }
  list = g_string_free (names, FALSE);
  /* Translators: names of Python packages, separated by commas */
  return g_strdup_printf (_ ("Lacks %s"), list);
}

/* The package that holds a module: for pip, and for Debian below "python3-". */
static const char *
get_package (const char *module, gboolean debian)
{
  if (strcmp (module, "sklearn") == 0)
    return debian ? "sklearn" : "scikit-learn";
  return module;
}

char *
lw_script_texts_dup_install (const char *const *modules)
{
  g_autofree char *apt = g_find_program_in_path ("apt-get");
  GString *text = g_string_new (apt != NULL ? "sudo apt install"
                                            : "python3 -m venv .venv\n.venv/bin/pip install");

  for (gsize i = 0; modules[i] != NULL; i++)
    g_string_append_printf (text, " %s%s", apt != NULL ? "python3-" : "",
                            get_package (modules[i], apt != NULL));
  return g_string_free (text, FALSE);
}
