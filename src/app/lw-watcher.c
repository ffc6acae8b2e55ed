/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Watches the states of the steps. A change of the session is judged a turn of the main loop later:
 * a piece of work ends with several changes, and only the last one tells how. Main thread. */

#include "lw-watcher.h"

#include <glib/gi18n.h>

/* What is quicker than this was waited for at the window. */
#define LONG_US (15 * G_USEC_PER_SEC)

struct _LwWatcher
{
  GObject parent_instance;

  GtkApplication *app; /* borrowed */
  LwSession *session;  /* owned */
  LwWindow *window;    /* (nullable) weak */
  gint64 running_since_us[LW_N_STEPS]; /* 0 while it does not run */
  guint due;                           /* idle source */
  guint inhibit;                       /* cookie; 0 when not */
};

G_DEFINE_FINAL_TYPE (LwWatcher, lw_watcher, G_TYPE_OBJECT)

typedef struct
{
  const char *done;   /* (nullable): nothing is said */
  const char *failed; /* (nullable) */
  const char *reason; /* (nullable): for not suspending */
} Words;

static const Words words[LW_N_STEPS] = {
  /* Translators: titles of notifications, and reasons shown by the desktop when logging out */
  [LW_STEP_PROVISION] = { N_ ("The lab’s resources are ready"),
                          N_ ("Creating the resources needs attention"),
                          N_ ("Resources are being created") },
  [LW_STEP_SCRIPT] = { N_ ("The script has ended"), N_ ("The script has failed"),
                       N_ ("A script is running") },
  [LW_STEP_JOB] = { NULL, N_ ("Submitting the job needs attention"),
                    N_ ("A job is being submitted") },
  [LW_STEP_RESULTS] = { N_ ("The job has ended"), N_ ("The job needs attention"), NULL },
  [LW_STEP_CLEAN_UP] = { N_ ("The lab is deleted, and that is proved"),
                         N_ ("Deleting the lab needs attention"),
                         N_ ("Resources are being deleted") },
};

static gboolean
is_looked_at (LwWatcher *self, LwStepKind kind)
{
  LwShell *shell;

  if (self->window == NULL || !gtk_window_is_active (GTK_WINDOW (self->window)))
    return FALSE;
  shell = lw_window_get_shell (self->window);
  return shell != NULL && lw_shell_get_step (shell) == kind;
}

/* On a projector nothing may pop up. */
static gboolean
is_presenting (LwWatcher *self)
{
  return g_settings_get_boolean (lw_session_get_settings (self->session), "mask-account")
         || (self->window != NULL && gtk_window_is_fullscreen (GTK_WINDOW (self->window)));
}

static void
notify_end (LwWatcher *self, LwStepKind kind)
{
  LwStepState state = lw_session_get_step_state (self->session, kind);
  const char *title = state == LW_STEP_NEEDS_YOU ? words[kind].failed : words[kind].done;
  g_autoptr (GNotification) notification = NULL;

  if (title == NULL || is_looked_at (self, kind) || is_presenting (self))
    return;
  notification = g_notification_new (_ (title));
  g_notification_set_default_action_and_target (notification, "app.show-step", "s",
                                                lw_step_kind_get_id (kind));
  g_application_send_notification (G_APPLICATION (self->app), lw_step_kind_get_id (kind),
                                   notification);
}

static void
update_step (LwWatcher *self, LwStepKind kind)
{
  gint64 now_us = lw_clock_get_monotonic_us (lw_session_get_clock (self->session));
  gboolean running = lw_session_is_running (self->session, kind);
  gint64 since_us = self->running_since_us[kind];

  if (running == (since_us != 0))
    return;
  self->running_since_us[kind] = running ? now_us : 0;
  if (running)
    g_application_withdraw_notification (G_APPLICATION (self->app), lw_step_kind_get_id (kind));
  else if (now_us - since_us >= LONG_US && lw_session_is_open (self->session))
    notify_end (self, kind);
}

static void
update_inhibit (LwWatcher *self)
{
  const char *reason = NULL;

  for (guint kind = 0; kind < LW_N_STEPS && reason == NULL; kind++)
    if (self->running_since_us[kind] != 0)
      reason = words[kind].reason;
  if (reason == NULL && self->inhibit != 0)
    {
      gtk_application_uninhibit (self->app, self->inhibit);
      self->inhibit = 0;
    }
  else if (reason != NULL && self->inhibit == 0)
    self->inhibit = gtk_application_inhibit (
      self->app, self->window != NULL ? GTK_WINDOW (self->window) : NULL,
      GTK_APPLICATION_INHIBIT_LOGOUT | GTK_APPLICATION_INHIBIT_SUSPEND, _ (reason));
}

static gboolean
judge_cb (gpointer user_data)
{
  LwWatcher *self = user_data;

  self->due = 0;
  for (guint kind = 0; kind < LW_N_STEPS; kind++)
    update_step (self, (LwStepKind) kind);
  update_inhibit (self);
  return G_SOURCE_REMOVE;
}

static void
session_changed_cb (LwWatcher *self)
{
  if (self->due == 0)
    self->due = g_idle_add (judge_cb, self);
}

/* What is on the screen need not be told any more. */
static void
active_cb (LwWatcher *self)
{
  for (guint kind = 0; kind < LW_N_STEPS; kind++)
    if (is_looked_at (self, (LwStepKind) kind))
      g_application_withdraw_notification (G_APPLICATION (self->app),
                                           lw_step_kind_get_id ((LwStepKind) kind));
}

void
lw_watcher_set_window (LwWatcher *self, LwWindow *window)
{
  g_return_if_fail (LW_IS_WATCHER (self));

  g_set_weak_pointer (&self->window, window);
  if (window != NULL)
    g_signal_connect_object (window, "notify::is-active", G_CALLBACK (active_cb), self,
                             G_CONNECT_SWAPPED);
}

static void
lw_watcher_dispose (GObject *object)
{
  LwWatcher *self = LW_WATCHER (object);

  g_clear_handle_id (&self->due, g_source_remove);
  if (self->inhibit != 0)
    gtk_application_uninhibit (self->app, self->inhibit);
  self->inhibit = 0;
  g_clear_weak_pointer (&self->window);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (lw_watcher_parent_class)->dispose (object);
}

static void
lw_watcher_class_init (LwWatcherClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lw_watcher_dispose;
}

static void
lw_watcher_init (LwWatcher *self)
{
}

LwWatcher *
lw_watcher_new (GtkApplication *app, LwSession *session)
{
  LwWatcher *self = g_object_new (LW_TYPE_WATCHER, NULL);

  self->app = app;
  self->session = g_object_ref (session);
  g_signal_connect_object (session, "changed", G_CALLBACK (session_changed_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}
