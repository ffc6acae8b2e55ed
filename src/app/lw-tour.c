/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The tour: one timeout that does the next thing, waits, and is armed again. Main thread; ends with
 * "ended", which is emitted once. */

#include "lw-tour.h"

#include <glib/gi18n.h>

#include "lw-texts.h"
#include "lw-tour-report.h"

/* Time to read a caption and look at the page, at speed 1. */
#define READING_MS 4000

/* How often a page that waits is asked, and the pace of an unattended tour; long enough for the
 * window to be drawn in between. */
#define POLL_MS 250

/* A step that takes longer, even in practice at a slow pace, will not end. */
#define STEP_LIMIT_US (20 * 60 * (gint64) G_USEC_PER_SEC)

struct _LwTour
{
  GObject parent_instance;

  LwWindow *window;   /* borrowed */
  LwSession *session; /* owned */
  LwTourReport *report; /* (nullable) */
  LwStepKind step;
  char *caption; /* (nullable) */
  gboolean paused;
  double speed;
  gboolean drawn;   /* the last caption has its picture */
  gboolean leaving; /* the step is done, and looked at once more */
  gboolean ended;
  gint64 started_us;
  gint64 step_started_us;
  guint timer;
};

G_DEFINE_FINAL_TYPE (LwTour, lw_tour, G_TYPE_OBJECT)

enum
{
  CHANGED,
  ENDED,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

static gboolean tick_cb (gpointer user_data);

static void
arm (LwTour *self, guint delay_ms)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  if (!self->ended && !self->paused)
    self->timer = g_timeout_add (delay_ms, tick_cb, self);
}

static guint
get_reading_ms (LwTour *self)
{
  return self->report != NULL ? POLL_MS : (guint) (READING_MS / self->speed);
}

/* ---- Telling ---- */

static void
tell (LwTour *self, const char *caption)
{
  g_free (self->caption);
  self->caption = g_strdup (caption);
  self->drawn = FALSE;
  g_print ("[%d/%d] %s: %s\n", (int) self->step + 1, LW_N_STEPS,
           lw_texts_get_step_title (self->step), caption);
  if (self->report != NULL)
    lw_tour_report_add_caption (self->report, caption);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
draw (LwTour *self, LwPage *page)
{
  if (self->report != NULL && !self->drawn && !lw_page_get_private (page))
    lw_tour_report_add_picture (self->report, GTK_WINDOW (self->window));
  self->drawn = TRUE;
}

static void
save_report (LwTour *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  if (self->report == NULL)
    return;
  path = lw_tour_report_save (self->report, g_get_monotonic_time () - self->started_us, &error);
  if (path != NULL)
    /* Translators: printed at the end of an unattended tour: the path of a file */
    g_print (_ ("Report: %s\n"), path);
  else
    g_printerr ("%s\n", error->message);
}

static void
end (LwTour *self, gboolean done)
{
  if (self->ended)
    return;
  g_clear_handle_id (&self->timer, g_source_remove);
  self->ended = TRUE;
  save_report (self);
  g_signal_emit (self, signals[ENDED], 0, done);
}

/* ---- Walking ---- */

static void
fail (LwTour *self, LwPage *page)
{
  g_autofree char *failure = lw_page_dup_error (page);
  const char *text = failure != NULL ? failure : _ ("The step did not end in time.");

  g_printerr ("[%d/%d] %s: %s\n", (int) self->step + 1, LW_N_STEPS,
              lw_texts_get_step_title (self->step), text);
  tell (self, _ ("The tour cannot go on: the page says why"));
  draw (self, page);
  if (self->report != NULL)
    lw_tour_report_end_step (self->report, page, text);
  end (self, FALSE);
}

static void
next_step (LwTour *self, LwPage *page)
{
  self->leaving = FALSE;
  if (self->report != NULL)
    lw_tour_report_end_step (self->report, page, NULL);
  if (self->step + 1 == LW_N_STEPS)
    {
      end (self, TRUE);
      return;
    }
  self->step++;
  self->step_started_us = g_get_monotonic_time ();
  lw_shell_show_step (lw_window_get_shell (self->window), self->step, TRUE);
  g_signal_emit (self, signals[CHANGED], 0);
  arm (self, get_reading_ms (self));
}

static void
walk (LwTour *self, LwPage *page)
{
  g_autofree char *caption = NULL;

  switch (lw_page_tour_step (page, &caption))
    {
    case LW_TOUR_ACTED:
      if (caption != NULL)
        tell (self, caption);
      arm (self, get_reading_ms (self));
      break;
    case LW_TOUR_WAIT:
      if (g_get_monotonic_time () - self->step_started_us > STEP_LIMIT_US)
        fail (self, page);
      else
        arm (self, POLL_MS);
      break;
    case LW_TOUR_DONE:
      if (caption != NULL)
        tell (self, caption);
      self->leaving = TRUE;
      arm (self, caption != NULL ? get_reading_ms (self) : 0);
      break;
    case LW_TOUR_STUCK:
    default:
      fail (self, page);
    }
}

static gboolean
tick_cb (gpointer user_data)
{
  g_autoptr (LwTour) self = g_object_ref (user_data);
  LwShell *shell = lw_window_get_shell (self->window);
  LwPage *page;

  self->timer = 0;
  if (shell == NULL)
    {
      if (g_get_monotonic_time () - self->step_started_us > STEP_LIMIT_US)
        end (self, FALSE);
      arm (self, POLL_MS);
      return G_SOURCE_REMOVE;
    }
  if (lw_shell_get_step (shell) != self->step)
    lw_shell_show_step (shell, self->step, TRUE);
  page = lw_shell_ensure_page (shell, self->step);
  draw (self, page);
  if (self->leaving)
    next_step (self, page);
  else
    walk (self, page);
  return G_SOURCE_REMOVE;
}

/* ---- Public ---- */

void
lw_tour_start (LwTour *self)
{
  g_return_if_fail (LW_IS_TOUR (self));

  self->started_us = g_get_monotonic_time ();
  self->step_started_us = self->started_us;
  arm (self, POLL_MS);
}

void
lw_tour_stop (LwTour *self)
{
  g_return_if_fail (LW_IS_TOUR (self));

  end (self, FALSE);
}

void
lw_tour_set_paused (LwTour *self, gboolean paused)
{
  g_return_if_fail (LW_IS_TOUR (self));

  self->paused = paused;
  arm (self, POLL_MS);
  g_signal_emit (self, signals[CHANGED], 0);
}

gboolean
lw_tour_get_paused (LwTour *self)
{
  g_return_val_if_fail (LW_IS_TOUR (self), FALSE);

  return self->paused;
}

void
lw_tour_next (LwTour *self)
{
  g_return_if_fail (LW_IS_TOUR (self));

  if (self->ended)
    return;
  g_clear_handle_id (&self->timer, g_source_remove);
  tick_cb (self);
}

void
lw_tour_set_speed (LwTour *self, double speed)
{
  g_return_if_fail (LW_IS_TOUR (self));

  self->speed = CLAMP (speed, 0.25, 8.0);
  g_signal_emit (self, signals[CHANGED], 0);
}

double
lw_tour_get_speed (LwTour *self)
{
  g_return_val_if_fail (LW_IS_TOUR (self), 1.0);

  return self->speed;
}

const char *
lw_tour_get_caption (LwTour *self)
{
  g_return_val_if_fail (LW_IS_TOUR (self), NULL);

  return self->caption;
}

LwStepKind
lw_tour_get_step (LwTour *self)
{
  g_return_val_if_fail (LW_IS_TOUR (self), LW_STEP_SIGN_IN);

  return self->step;
}

static void
lw_tour_dispose (GObject *object)
{
  LwTour *self = LW_TOUR (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (lw_tour_parent_class)->dispose (object);
}

static void
lw_tour_finalize (GObject *object)
{
  LwTour *self = LW_TOUR (object);

  g_clear_pointer (&self->report, lw_tour_report_free);
  g_free (self->caption);
  G_OBJECT_CLASS (lw_tour_parent_class)->finalize (object);
}

static void
lw_tour_class_init (LwTourClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lw_tour_dispose;
  object_class->finalize = lw_tour_finalize;
  signals[CHANGED] = g_signal_new ("changed", LW_TYPE_TOUR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
  signals[ENDED] = g_signal_new ("ended", LW_TYPE_TOUR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void
lw_tour_init (LwTour *self)
{
  self->speed = 1.0;
  self->drawn = TRUE;
}

LwTour *
lw_tour_new (LwWindow *window, LwSession *session, const char *report_folder, GError **error)
{
  g_autoptr (LwTour) self = g_object_new (LW_TYPE_TOUR, NULL);

  self->window = window;
  self->session = g_object_ref (session);
  if (report_folder != NULL)
    {
      self->report = lw_tour_report_new (report_folder, error);
      if (self->report == NULL)
        return NULL;
    }
  return g_steal_pointer (&self);
}
