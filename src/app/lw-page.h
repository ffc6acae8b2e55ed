/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "lw-advice.h"
#include "lw-report.h"
#include "lw-session.h"

G_BEGIN_DECLS

#define LW_TYPE_PAGE (lw_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (LwPage, lw_page, LW, PAGE, AdwBin)

/**
 * LwPage:
 *
 * The page of one step. Main thread only.
 *
 * How a page is written
 * ---------------------
 * Files: lw-page-NAME.{c,h,ui}, and lw-NAME-model.{c,h}; lw-page-sign-in is written so. The template derives from LwPage and fills its slots; LwPage lays
 * them out (error card, purpose, content in a clamp that scrolls, one suggested action below that
 * is always in reach) from 360 px to a projector:
 *
 *   <template class="LwPageJob" parent="LwPage">
 *     <property name="purpose" translatable="yes">Two sentences: what this step is for.</property>
 *     <property name="primary-label" translatable="yes">Submit</property>
 *     <property name="primary-action">page.submit</property>
 *     <property name="secondary"> … any further buttons, GtkBox … </property>
 *     <property name="content"> … AdwPreferencesGroups with boxed lists … </property>
 *   </template>
 *
 * class_init sets `LW_PAGE_CLASS (klass)->kind`, the virtual functions it needs, template children,
 * and its actions by gtk_widget_class_install_action (widget_class, "page.submit", …). Buttons name
 * actions, never callbacks; an action is enabled and disabled in *one* update function of the page
 * that maps state to what is visible, and that every signal calls.
 *
 * Buttons have no mnemonic: GTK 4.8 reads the underscore out. For the same reason a row with a button
 * has no activatable widget: the button would be called by the row's title too.
 *
 * A page is only a view: it can be thrown away and made anew at any time (the language was changed,
 * the window was closed while work goes on). What must survive that (work under way, its cancellable,
 * its progress, what was typed) is in a model: a GObject with a construct-only "session" property,
 * kept by lw_session_ensure_model (session, LW_TYPE_…_MODEL). The model runs the core on the pool:
 *
 *   lw_pool_run (lw_session_get_pool (session), submit, submit_in_pool, input, input_free, NULL,
 *                self, self->cancellable, submitted_cb, NULL);
 *
 * and its progress comes back through an LwMailbox. Around work it calls lw_session_set_running()
 * and, at the end, lw_session_set_failed(); so the list of steps shows it. It stores the error it
 * ended with; the page shows it by lw_page_show_error().
 *
 * In a finish callback: after %G_IO_ERROR_CANCELLED a model looks whether it was disposed (it keeps
 * its cancellable until then) and touches the session only when it was not. A page takes its model in
 * `constructed` before chaining up, as chaining up calls session_changed.
 */

/** LwTourResult: what lw_page_tour_step() did */
typedef enum
{
  LW_TOUR_ACTED, /* did something; call again after a look at it */
  LW_TOUR_WAIT,  /* waits for work under way; call again */
  LW_TOUR_DONE,  /* nothing is left to do on this page */
  LW_TOUR_STUCK, /* cannot go on: an error is shown */
} LwTourResult;

/**
 * LwPageClass:
 * @kind: the step, set in class_init
 * @session_changed: cloud, account, record or a step's state changed; also called once after
 *   construction; never while no cloud is open. Chains to nothing.
 * @shown: the page came to the front: look at the cloud if what is shown may be old
 * @refresh: the person asks for the present state (F5)
 * @find: the person looks for text (Ctrl+F)
 * @advise: the button of an error was pressed. Returns: %FALSE when it is not this page's matter:
 *   then the page that owns it is opened and asked
 * @tour_step: the next thing a person would do here, by the page's own actions
 *   (gtk_widget_activate_action()). @caption: (out) (nullable): what it did, translated
 * @report: adds to the section of this step what a reader of a report wants to see of it: names,
 *   figures, the end of a log
 */
struct _LwPageClass
{
  AdwBinClass parent_class;

  LwStepKind kind;
  void (*session_changed) (LwPage *self);
  void (*shown) (LwPage *self);
  void (*refresh) (LwPage *self);
  void (*find) (LwPage *self);
  gboolean (*advise) (LwPage *self, LwAdviceAction action);
  LwTourResult (*tour_step) (LwPage *self, char **caption);
  void (*report) (LwPage *self, LwReport *report);
};

/*
 * Properties beside those shown above:
 *   "session" (construct-only), "busy" (see below), "primary-enabled" (%TRUE unless set),
 *   "scrolls" (%TRUE; %FALSE for a page whose content scrolls by itself, such as a log),
 *   "maximum-width" (of the content, 720)
 * Signals:
 *   "advise" (LwAdviceAction as int): an advice that is not this page's matter
 */

LwSession *lw_page_get_session (LwPage *self);
LwStepKind lw_page_get_kind (LwPage *self);

/** lw_page_get_title: Returns: title of the step, for the header bar */
const char *lw_page_get_title (LwPage *self);

/** lw_page_set_busy: a thin moving bar above the page, and the state "busy" for screen readers */
void lw_page_set_busy (LwPage *self, gboolean busy);
gboolean lw_page_get_busy (LwPage *self);

/** lw_page_set_primary: label and detailed action ("page.submit",
 *   "win.step::provision") of the suggested action; a %NULL label hides it */
void lw_page_set_primary (LwPage *self, const char *label, const char *action);

/** lw_page_focus_primary: after an action that leads on: the focus waits on the suggested action */
void lw_page_focus_primary (LwPage *self);

/** lw_page_show_error: @error: (nullable): told in the card on top, in the person's language, with
 *   advice; %NULL hides it; a cancel is not an error and hides it too */
void lw_page_show_error (LwPage *self, const GError *error);

/** lw_page_set_private: something is shown that nobody else may see, such as a code: no picture is
 *   taken of it */
void lw_page_set_private (LwPage *self, gboolean is_private);
gboolean lw_page_get_private (LwPage *self);

/** lw_page_dup_error: Returns: (transfer full) (nullable): the error that is shown, as text */
char *lw_page_dup_error (LwPage *self);

/** lw_page_activate_primary: presses the suggested action, if it is there and enabled */
gboolean lw_page_activate_primary (LwPage *self);

/* Calls of the virtual functions, for the shell and the tour. */
void lw_page_shown (LwPage *self);
void lw_page_refresh (LwPage *self);
void lw_page_find (LwPage *self);
gboolean lw_page_advise (LwPage *self, LwAdviceAction action);
LwTourResult lw_page_tour_step (LwPage *self, char **caption);
void lw_page_report (LwPage *self, LwReport *report);

G_END_DECLS
