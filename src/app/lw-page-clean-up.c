/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The page of the step “clean-up”: lab groups with all they hold, the deletion of one after its name
 * was typed, and the proof. A view of LwCleanUpModel; see lw-page.h. Main thread. */

#include "lw-page-clean-up.h"

#include <glib/gi18n.h>

#include "lw-clean-up-model.h"
#include "lw-confirm-delete.h"
#include "lw-group-row.h"
#include "lw-resources.h"
#include "lw-texts.h"
#include "lw-wait-row.h"

struct _LwPageCleanUp
{
  LwPage parent_instance;

  /* Template. */
  GtkWidget *cancel_button;
  GtkWidget *progress_group;
  LwWaitRow *workspace_row;
  LwWaitRow *group_row;
  LwWaitRow *proof_row;
  GtkWidget *proof_group;
  LwWaitRow *gone_row;
  LwWaitRow *left_row;
  LwWaitRow *vaults_row;
  GtkWidget *purge_button;
  AdwPreferencesGroup *groups_group;
  GtkWidget *empty_page;

  LwCleanUpModel *model;   /* owned, NULL until a cloud is open */
  LwConfirmDelete *dialog; /* weak: the question that is open */
  GPtrArray *rows;         /* owned; the rows are borrowed from groups_group */
  guint generation;        /* of the list that the rows show */
  gboolean had_target;     /* a subscription was chosen when the page last looked */
};

G_DEFINE_FINAL_TYPE (LwPageCleanUp, lw_page_clean_up, LW_TYPE_PAGE)

static gint64
get_now (LwPageCleanUp *self)
{
  return lw_clock_get_now_us (lw_session_get_clock (lw_page_get_session (LW_PAGE (self))));
}

/* ---- State to what is visible ---- */

static void
update_groups (LwPageCleanUp *self)
{
  GPtrArray *groups = lw_clean_up_model_get_groups (self->model);
  guint generation = lw_clean_up_model_get_generation (self->model);

  gtk_widget_set_visible (GTK_WIDGET (self->groups_group), groups != NULL && groups->len > 0);
  gtk_widget_set_visible (self->empty_page, groups != NULL && groups->len == 0);
  if (generation == self->generation)
    return;
  self->generation = generation;
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->groups_group, g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; groups != NULL && i < groups->len; i++)
    {
      GtkWidget *row = lw_group_row_new (g_ptr_array_index (groups, i), get_now (self));

      adw_preferences_group_add (self->groups_group, row);
      g_ptr_array_add (self->rows, row);
    }
}

/* The state of a row that stands for @phase while the deletion is at @now. */
static LwWaitState
state_of_phase (LwPageCleanUp *self, LwCleanupPhase phase, LwCleanupPhase now)
{
  if (lw_clean_up_model_get_proof (self->model) != NULL || now > phase)
    return LW_WAIT_DONE;
  if (now < phase)
    return LW_WAIT_IDLE;
  if (lw_clean_up_model_get_work (self->model) == LW_CLEAN_UP_DELETING)
    return LW_WAIT_RUNNING;
  return lw_clean_up_model_get_error (self->model) != NULL ? LW_WAIT_FAILED : LW_WAIT_IDLE;
}

static void
update_progress (LwPageCleanUp *self)
{
  LwWaitRow *const rows[] = {
    [LW_CLEANUP_PURGING_WORKSPACE] = self->workspace_row,
    [LW_CLEANUP_DELETING_GROUP] = self->group_row,
    [LW_CLEANUP_PROVING] = self->proof_row,
  };
  const char *detail = NULL;
  gint64 started_us = 0;
  LwCleanupPhase now = lw_clean_up_model_get_progress (self->model, &detail, &started_us);

  gtk_widget_set_visible (self->progress_group,
                          lw_clean_up_model_get_target (self->model) != NULL);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self->progress_group),
                                         lw_clean_up_model_get_target (self->model));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      LwWaitState state = state_of_phase (self, (LwCleanupPhase) i, now);

      lw_wait_row_set (rows[i], state, state == LW_WAIT_RUNNING ? detail : NULL,
                       state == LW_WAIT_RUNNING ? started_us : 0, 0);
    }
}

static void
update_vaults (LwPageCleanUp *self, const LwProof *proof)
{
  g_autofree char *text = NULL;

  if (!proof->vaults_told)
    text = g_strdup (_ ("Azure would not tell. They cost nothing."));
  else if (proof->vaults->len == 0)
    text = g_strdup (_ ("None is left"));
  else
    {
      const LwDeletedVault *vault = g_ptr_array_index (proof->vaults, 0);
      g_autofree char *when = lw_texts_dup_time (vault->purge_us);

      /* Translators: name of a key vault, a date */
      text = g_strdup_printf (_ ("%s keeps its name until %s. It costs nothing."), vault->name,
                              when);
    }
  lw_wait_row_set (self->vaults_row,
                   proof->vaults_told && proof->vaults->len == 0 ? LW_WAIT_DONE : LW_WAIT_WARNING,
                   text, 0, 0);
  gtk_widget_set_visible (self->purge_button, proof->vaults->len > 0);
}

static void
update_proof (LwPageCleanUp *self)
{
  const LwProof *proof = lw_clean_up_model_get_proof (self->model);
  g_autofree char *left = NULL;
  g_autofree char *asked = NULL;

  gtk_widget_set_visible (self->proof_group, proof != NULL);
  if (proof == NULL)
    return;
  asked = lw_texts_dup_time (proof->asked_us);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self->proof_group), asked);
  lw_wait_row_set (self->gone_row, proof->group_gone ? LW_WAIT_DONE : LW_WAIT_FAILED,
                   proof->group_gone ? _ ("Gone: Azure answers 404, not found")
                                     : _ ("It is still there"),
                   0, 0);
  left = proof->left->len == 0
             ? g_strdup (_ ("None is listed any more"))
             : g_strdup_printf (ngettext ("%u is still listed", "%u are still listed",
                                          (gulong) proof->left->len),
                                proof->left->len);
  lw_wait_row_set (self->left_row, proof->left->len == 0 ? LW_WAIT_DONE : LW_WAIT_FAILED, left, 0,
                   0);
  update_vaults (self, proof);
}

static void
update_actions (LwPageCleanUp *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  LwCleanUpWork work = lw_clean_up_model_get_work (self->model);
  const LwLabGroup *own = lw_clean_up_model_find_own (self->model);
  const LwProof *proof = lw_clean_up_model_get_proof (self->model);
  gboolean resting = work == LW_CLEAN_UP_RESTING;
  gboolean unproved = proof != NULL && !lw_proof_is_clean (proof);

  gtk_widget_action_set_enabled (widget, "page.delete", resting);
  gtk_widget_action_set_enabled (widget, "page.delete-own", resting && own != NULL);
  gtk_widget_action_set_enabled (widget, "page.unlock", resting);
  gtk_widget_action_set_enabled (widget, "page.purge", resting && proof != NULL);
  gtk_widget_action_set_enabled (widget, "page.prove", resting && unproved);
  gtk_widget_action_set_enabled (widget, "page.cancel", work == LW_CLEAN_UP_DELETING);
  gtk_widget_set_visible (self->cancel_button, work == LW_CLEAN_UP_DELETING);
  lw_page_set_busy (LW_PAGE (self), !resting);
  if (unproved)
    lw_page_set_primary (LW_PAGE (self), _ ("Ask Again"), "page.prove");
  else if (own != NULL && work != LW_CLEAN_UP_DELETING)
    lw_page_set_primary (LW_PAGE (self), _ ("Delete This Lab…"), "page.delete-own");
  else
    lw_page_set_primary (LW_PAGE (self), NULL, NULL);
}

static void
update (LwPageCleanUp *self)
{
  if (self->model == NULL)
    return;
  update_groups (self);
  update_progress (self);
  update_proof (self);
  update_actions (self);
  lw_page_show_error (LW_PAGE (self), lw_clean_up_model_get_error (self->model));
}

/* ---- Deleting ---- */

static void
response_cb (LwConfirmDelete *dialog, const char *response, gpointer user_data)
{
  LwPageCleanUp *self = LW_PAGE_CLEAN_UP (user_data);

  if (g_strcmp0 (response, "delete") == 0)
    lw_clean_up_model_delete (self->model, lw_confirm_delete_get_group (dialog),
                              lw_confirm_delete_get_typed (dialog));
}

static void
ask (LwPageCleanUp *self, const LwLabGroup *group)
{
  LwConfirmDelete *dialog = NULL;

  if (self->dialog != NULL || group == NULL)
    return;
  dialog = lw_confirm_delete_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), group);
  g_set_weak_pointer (&self->dialog, dialog);
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
delete_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LwPageCleanUp *self = LW_PAGE_CLEAN_UP (widget);

  ask (self, lw_clean_up_model_find_group (self->model, g_variant_get_string (parameter, NULL)));
}

static void
delete_own_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LwPageCleanUp *self = LW_PAGE_CLEAN_UP (widget);

  ask (self, lw_clean_up_model_find_own (self->model));
}

static void
unlock_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  lw_clean_up_model_unlock (LW_PAGE_CLEAN_UP (widget)->model,
                            g_variant_get_string (parameter, NULL));
}

static void
purge_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  lw_clean_up_model_purge (LW_PAGE_CLEAN_UP (widget)->model);
}

static void
prove_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  lw_clean_up_model_prove (LW_PAGE_CLEAN_UP (widget)->model);
}

static void
cancel_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  lw_clean_up_model_cancel (LW_PAGE_CLEAN_UP (widget)->model);
}

/* ---- Page ---- */

static void
lw_page_clean_up_refresh (LwPage *page)
{
  LwPageCleanUp *self = LW_PAGE_CLEAN_UP (page);

  if (self->model != NULL)
    lw_clean_up_model_list (self->model);
}

static void
lw_page_clean_up_session_changed (LwPage *page)
{
  LwPageCleanUp *self = LW_PAGE_CLEAN_UP (page);
  LwSession *session = lw_page_get_session (page);
  gboolean has_target = lw_session_get_target (session) != NULL;

  if (self->model == NULL && lw_session_is_open (session))
    {
      self->model = g_object_ref (lw_session_ensure_model (session, LW_TYPE_CLEAN_UP_MODEL));
      g_signal_connect_object (self->model, "changed", G_CALLBACK (update), self,
                               G_CONNECT_SWAPPED);
    }
  if (!self->had_target && has_target && gtk_widget_get_mapped (GTK_WIDGET (self)))
    lw_page_clean_up_refresh (page);
  self->had_target = has_target;
  update (self);
}

static gboolean
lw_page_clean_up_advise (LwPage *page, LwAdviceAction action)
{
  LwPageCleanUp *self = LW_PAGE_CLEAN_UP (page);

  if (self->model == NULL
      || (action != LW_ADVICE_RETRY && action != LW_ADVICE_WAIT && action != LW_ADVICE_REMOVE_LOCK))
    return FALSE;
  lw_clean_up_model_list (self->model);
  return TRUE;
}

/* Asks, types the name, confirms, and waits for the proof, each as one step to be looked at. */
static LwTourResult
lw_page_clean_up_tour_step (LwPage *page, char **caption)
{
  LwPageCleanUp *self = LW_PAGE_CLEAN_UP (page);
  const LwProof *proof = NULL;

  if (self->model == NULL || lw_clean_up_model_get_work (self->model) != LW_CLEAN_UP_RESTING)
    return LW_TOUR_WAIT;
  if (lw_clean_up_model_get_error (self->model) != NULL)
    return LW_TOUR_STUCK;
  proof = lw_clean_up_model_get_proof (self->model);
  if (proof != NULL)
    {
      *caption = g_strdup (_ ("Azure was asked again: the group is gone."));
      return lw_proof_is_clean (proof) ? LW_TOUR_DONE : LW_TOUR_STUCK;
    }
  if (self->dialog == NULL)
    {
      if (lw_clean_up_model_find_own (self->model) == NULL)
        return LW_TOUR_WAIT;
      *caption = g_strdup (_ ("Everything that goes is named before it is deleted."));
      gtk_widget_activate_action (GTK_WIDGET (self), "page.delete-own", NULL);
      return LW_TOUR_ACTED;
    }
  if (*lw_confirm_delete_get_typed (self->dialog) == '\0')
    {
      *caption = g_strdup (_ ("The name of the group has to be typed."));
      lw_confirm_delete_type (self->dialog, lw_confirm_delete_get_group (self->dialog));
      return LW_TOUR_ACTED;
    }
  *caption = g_strdup (_ ("Now the group is deleted, and then proved gone."));
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (self->dialog), "delete");
  gtk_window_close (GTK_WINDOW (self->dialog));
  return LW_TOUR_ACTED;
}

static void
lw_page_clean_up_dispose (GObject *object)
{
  LwPageCleanUp *self = LW_PAGE_CLEAN_UP (object);

  if (self->dialog != NULL)
    gtk_window_destroy (GTK_WINDOW (self->dialog));
  g_clear_weak_pointer (&self->dialog);
  g_clear_object (&self->model);
  G_OBJECT_CLASS (lw_page_clean_up_parent_class)->dispose (object);
}

static void
lw_page_clean_up_finalize (GObject *object)
{
  g_ptr_array_unref (LW_PAGE_CLEAN_UP (object)->rows);
  G_OBJECT_CLASS (lw_page_clean_up_parent_class)->finalize (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "page.delete", "s", delete_cb);
  gtk_widget_class_install_action (widget_class, "page.delete-own", NULL, delete_own_cb);
  gtk_widget_class_install_action (widget_class, "page.unlock", "s", unlock_cb);
  gtk_widget_class_install_action (widget_class, "page.purge", NULL, purge_cb);
  gtk_widget_class_install_action (widget_class, "page.prove", NULL, prove_cb);
  gtk_widget_class_install_action (widget_class, "page.cancel", NULL, cancel_cb);
}

#define BIND(name) gtk_widget_class_bind_template_child (widget_class, LwPageCleanUp, name)

static void
lw_page_clean_up_class_init (LwPageCleanUpClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  LwPageClass *page_class = LW_PAGE_CLASS (klass);

  object_class->dispose = lw_page_clean_up_dispose;
  object_class->finalize = lw_page_clean_up_finalize;
  page_class->kind = LW_STEP_CLEAN_UP;
  page_class->session_changed = lw_page_clean_up_session_changed;
  page_class->shown = lw_page_clean_up_refresh;
  page_class->refresh = lw_page_clean_up_refresh;
  page_class->advise = lw_page_clean_up_advise;
  page_class->tour_step = lw_page_clean_up_tour_step;
  g_type_ensure (LW_TYPE_WAIT_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               LW_RESOURCE_PATH "lw-page-clean-up.ui");
  BIND (cancel_button);
  BIND (progress_group);
  BIND (workspace_row);
  BIND (group_row);
  BIND (proof_row);
  BIND (proof_group);
  BIND (gone_row);
  BIND (left_row);
  BIND (vaults_row);
  BIND (purge_button);
  BIND (groups_group);
  BIND (empty_page);
  install_actions (widget_class);
}

static void
lw_page_clean_up_init (LwPageCleanUp *self)
{
  static const char *const actions[] = { "page.delete", "page.delete-own", "page.unlock",
                                         "page.purge",  "page.prove",      "page.cancel" };

  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), actions[i], FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->groups_group), FALSE);
}
