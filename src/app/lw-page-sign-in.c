/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The page of the step “sign-in”: a view of LwSignInModel. update() alone decides what is visible.
 * Main thread. */

#include "lw-page-sign-in.h"

#include <glib/gi18n.h>

#include "lw-resources.h"
#include "lw-sign-in-model.h"
#include "lw-texts.h"
#include "lw-wait-row.h"

struct _LwPageSignIn
{
  LwPage parent_instance;

  GtkWidget *nobody;
  GtkWidget *ways;
  GtkWidget *az_row;
  AdwEntryRow *tenant;
  GtkWidget *waiting;
  LwWaitRow *wait_row;
  GtkWidget *browser_group;
  GtkWidget *device_group;
  AdwPreferencesRow *code_row;
  AdwPreferencesRow *uri_row;
  GtkWidget *account_group;
  AdwAvatar *avatar;
  AdwActionRow *account_row;
  AdwActionRow *kept_row;
  GtkImage *kept_icon;
  AdwPreferencesGroup *subscriptions;
  GtkWidget *permission_group;
  LwWaitRow *permission_row;

  LwSignInModel *model;         /* owned */
  GPtrArray *subscription_rows; /* borrowed */
  const LwDirectory *directory; /* of which the rows are; compared only */
  gboolean updating;            /* check buttons are set by update(), not by the person */
  LwSignInState focused_state;  /* for which the focus was set */
  guint tick;                   /* timeout, while a code runs out */
};

G_DEFINE_FINAL_TYPE (LwPageSignIn, lw_page_sign_in, LW_TYPE_PAGE)

#define SESSION(self) (lw_page_get_session (LW_PAGE (self)))

/* ---- Rows of subscriptions ---- */

static void
chosen_cb (GtkCheckButton *button, LwPageSignIn *self)
{
  const LwDirectory *directory = lw_sign_in_model_get_directory (self->model);
  const char *id = g_object_get_data (G_OBJECT (button), "subscription");
  const LwSubscription *subscription;

  if (self->updating || !gtk_check_button_get_active (button) || directory == NULL)
    return;
  subscription = lw_directory_find (directory, id);
  if (subscription != NULL)
    lw_sign_in_model_choose (self->model, subscription);
}

static char *
dup_subtitle (LwPageSignIn *self, const LwDirectory *directory,
              const LwSubscription *subscription)
{
  gboolean mask = g_settings_get_boolean (lw_session_get_settings (SESSION (self)),
                                          "mask-account");
  const char *tenant = lw_directory_get_tenant_name (directory, subscription->tenant_id);

  if (!lw_directory_is_usable (subscription))
    /* Translators: name of a tenant, then a subscription's state in the service's own word */
    return g_strdup_printf (_ ("%s · cannot be used: %s"), tenant, subscription->state);
  if (mask)
    return g_strdup (tenant);
  return g_strdup_printf ("%s · %s", tenant, subscription->id);
}

static GtkWidget *
new_row (const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  return row;
}

/* @first: (nullable): another one's button; NULL with @alone when there is nothing to choose from */
static GtkWidget *
new_subscription_row (LwPageSignIn *self, const LwDirectory *directory,
                      const LwSubscription *subscription, GtkCheckButton *first, gboolean alone)
{
  g_autofree char *subtitle = dup_subtitle (self, directory, subscription);
  GtkWidget *row = new_row (subscription->display_name, subtitle);
  GtkWidget *button;

  gtk_widget_set_sensitive (row, lw_directory_is_usable (subscription));
  if (alone)
    return row;
  button = gtk_check_button_new ();
  gtk_check_button_set_group (GTK_CHECK_BUTTON (button), first);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_object_set_data_full (G_OBJECT (button), "subscription", g_strdup (subscription->id), g_free);
  g_object_set_data (G_OBJECT (row), "button", button);
  g_signal_connect_object (button, "toggled", G_CALLBACK (chosen_cb), self, 0);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
  return row;
}

static void
add_closed_row (LwPageSignIn *self, const char *name)
{
  GtkWidget *row = new_row (name, _ ("This organisation asks for a sign-in of its own: sign out, "
                                     "and give its domain before signing in again"));

  adw_preferences_group_add (self->subscriptions, row);
  g_ptr_array_add (self->subscription_rows, row);
}

static void
rebuild_subscriptions (LwPageSignIn *self)
{
  const LwDirectory *directory = lw_sign_in_model_get_directory (self->model);
  GtkCheckButton *first = NULL;

  if (directory == self->directory)
    return;
  for (guint i = 0; i < self->subscription_rows->len; i++)
    adw_preferences_group_remove (self->subscriptions,
                                  g_ptr_array_index (self->subscription_rows, i));
  g_ptr_array_set_size (self->subscription_rows, 0);
  self->directory = directory;
  if (directory == NULL)
    return;
  for (guint i = 0; i < directory->subscriptions->len; i++)
    {
      GtkWidget *row
        = new_subscription_row (self, directory, g_ptr_array_index (directory->subscriptions, i),
                                first, directory->subscriptions->len == 1);

      first = g_object_get_data (G_OBJECT (row), "button");
      adw_preferences_group_add (self->subscriptions, row);
      g_ptr_array_add (self->subscription_rows, row);
    }
  for (guint i = 0; i < directory->closed->len; i++)
    add_closed_row (self, g_ptr_array_index (directory->closed, i));
}

static void
update_subscriptions (LwPageSignIn *self)
{
  const LwSubscription *chosen = lw_session_get_subscription (SESSION (self));
  const char *description = NULL;

  rebuild_subscriptions (self);
  self->updating = TRUE;
  for (guint i = 0; i < self->subscription_rows->len; i++)
    {
      GObject *row = g_ptr_array_index (self->subscription_rows, i);
      GtkCheckButton *button = g_object_get_data (row, "button");

      if (button != NULL)
        gtk_check_button_set_active (
          button, chosen != NULL
                    && g_ascii_strcasecmp (g_object_get_data (G_OBJECT (button), "subscription"),
                                           chosen->id) == 0);
    }
  self->updating = FALSE;
  if (self->directory != NULL && self->directory->subscriptions->len == 0)
    description = _ ("This account has no subscription. A free one can be had from Azure; "
                     "practice needs none.");
  else if (self->directory != NULL && chosen == NULL)
    description = _ ("Choose the one that the lab may use. What it costs is on its bill.");
  adw_preferences_group_set_description (self->subscriptions, description);
}

/* ---- The other parts ---- */

static void
update_account (LwPageSignIn *self)
{
  LwAccount *account = lw_session_get_account (SESSION (self));
  gboolean mask = g_settings_get_boolean (lw_session_get_settings (SESSION (self)),
                                          "mask-account");
  gboolean kept = lw_token_store_is_persistent (lw_session_get_store (SESSION (self)));
  const LwAccountInfo *info;
  gboolean named;

  if (account == NULL)
    return;
  info = lw_account_get_info (account);
  named = info->display_name != NULL && info->display_name[0] != '\0';
  adw_avatar_set_text (self->avatar, mask ? "" : named ? info->display_name : info->user_name);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->account_row),
                                 mask    ? _ ("Signed in")
                                 : named ? info->display_name
                                         : info->user_name);
  adw_action_row_set_subtitle (self->account_row, mask || !named ? "" : info->user_name);
  if (g_strcmp0 (info->method, "az") == 0)
    {
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->kept_row),
                                     _ ("Kept by the Azure CLI"));
      adw_action_row_set_subtitle (self->kept_row, _ ("Labwalk keeps nothing of it"));
    }
  else
    {
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->kept_row),
                                     kept ? _ ("Kept in the keyring") : _ ("Kept in memory only"));
      adw_action_row_set_subtitle (self->kept_row, kept
                                                     ? _ ("Never in a file")
                                                     : _ ("It ends when Labwalk is closed"));
    }
  gtk_image_set_from_icon_name (self->kept_icon,
                                kept ? "channel-secure-symbolic" : "media-flash-symbolic");
}

static char *
dup_wait_phase (LwPageSignIn *self, LwSignInState state)
{
  gint64 left_us = lw_sign_in_model_get_expires_us (self->model) - g_get_real_time ();
  g_autofree char *left = NULL;

  if (state != LW_SIGN_IN_DEVICE)
    return NULL;
  left = lw_texts_dup_duration (left_us);
  /* Translators: how long a sign-in code can still be used */
  return g_strdup_printf (_ ("%s left"), left);
}

static const char *
get_wait_title (LwSignInState state)
{
  switch (state)
    {
    case LW_SIGN_IN_STARTING:
      return _ ("Asking the keyring and the cloud");
    case LW_SIGN_IN_BROWSER:
      return _ ("Waiting for the sign-in in the browser");
    case LW_SIGN_IN_DEVICE:
      return _ ("Waiting until the code is used");
    case LW_SIGN_IN_AZ:
      return _ ("Asking the Azure CLI");
    case LW_SIGN_IN_LOADING:
      return _ ("Looking for subscriptions");
    case LW_SIGN_IN_OUT:
    case LW_SIGN_IN_IN:
    default:
      return "";
    }
}

static void
update_wait (LwPageSignIn *self, LwSignInState state)
{
  gboolean waiting = state != LW_SIGN_IN_OUT && state != LW_SIGN_IN_IN;
  g_autofree char *phase = dup_wait_phase (self, state);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->wait_row), get_wait_title (state));
  lw_wait_row_set_usual (self->wait_row, 1, state == LW_SIGN_IN_LOADING ? 5 : 0);
  lw_wait_row_set (self->wait_row, waiting ? LW_WAIT_RUNNING : LW_WAIT_IDLE, phase,
                   phase == NULL ? lw_sign_in_model_get_since_us (self->model) : 0, 0);
  gtk_widget_set_visible (self->waiting, waiting);
}

static void
update_code (LwPageSignIn *self)
{
  const char *code = lw_sign_in_model_get_user_code (self->model);
  const char *uri = lw_sign_in_model_get_uri (self->model);

  adw_preferences_row_set_title (self->code_row, code != NULL ? code : "");
  adw_preferences_row_set_title (self->uri_row, uri != NULL ? uri : "");
}

static void
update_permission (LwPageSignIn *self)
{
  switch (lw_sign_in_model_get_permission (self->model))
    {
    case LW_SIGN_IN_PERMISSION_ASKED:
      lw_wait_row_set (self->permission_row, LW_WAIT_RUNNING, NULL, 0, 0);
      break;
    case LW_SIGN_IN_PERMISSION_GRANTED:
      lw_wait_row_set (self->permission_row, LW_WAIT_DONE, _ ("granted"), 0, 0);
      break;
    case LW_SIGN_IN_PERMISSION_MISSING:
      lw_wait_row_set (self->permission_row, LW_WAIT_WARNING,
                       _ ("missing in this subscription: the role Contributor is needed"), 0, 0);
      break;
    case LW_SIGN_IN_PERMISSION_UNKNOWN:
    default:
      lw_wait_row_set (self->permission_row, LW_WAIT_IDLE, _ ("asked again in the next step"), 0,
                       0);
      break;
    }
}

static void
update_primary (LwPageSignIn *self, LwSignInState state)
{
  if (state == LW_SIGN_IN_OUT)
    lw_page_set_primary (LW_PAGE (self), _ ("Sign In with the Browser"), "page.browser");
  else if (state == LW_SIGN_IN_IN && lw_session_get_target (SESSION (self)) != NULL)
    lw_page_set_primary (LW_PAGE (self), _ ("Continue to Provision"), "win.step::provision");
  else
    lw_page_set_primary (LW_PAGE (self), NULL, NULL);
}

static gboolean
tick_cb (gpointer user_data)
{
  LwPageSignIn *self = user_data;

  update_wait (self, lw_sign_in_model_get_state (self->model));
  return G_SOURCE_CONTINUE;
}

/* What had the focus is gone with the former state: it goes where the person goes on. */
static void
update_focus (LwPageSignIn *self, LwSignInState state)
{
  if (state == self->focused_state)
    return;
  self->focused_state = state;
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  if (state == LW_SIGN_IN_BROWSER)
    gtk_widget_child_focus (self->browser_group, GTK_DIR_TAB_FORWARD);
  else if (state == LW_SIGN_IN_DEVICE)
    gtk_widget_child_focus (self->device_group, GTK_DIR_TAB_FORWARD);
  else if (state == LW_SIGN_IN_IN || state == LW_SIGN_IN_OUT)
    lw_page_focus_primary (LW_PAGE (self));
}

static void
update (LwPageSignIn *self)
{
  LwSignInState state = lw_sign_in_model_get_state (self->model);
  gboolean has_account = lw_session_get_account (SESSION (self)) != NULL;

  gtk_widget_set_visible (self->nobody, state == LW_SIGN_IN_OUT);
  gtk_widget_set_visible (self->ways, state == LW_SIGN_IN_OUT);
  gtk_widget_set_visible (self->az_row, !lw_session_is_practice (SESSION (self)));
  gtk_widget_set_visible (GTK_WIDGET (self->tenant), !lw_session_is_practice (SESSION (self)));
  gtk_widget_set_visible (self->browser_group, state == LW_SIGN_IN_BROWSER);
  gtk_widget_set_visible (self->device_group, state == LW_SIGN_IN_DEVICE);
  gtk_widget_set_visible (self->account_group, has_account);
  gtk_widget_set_visible (GTK_WIDGET (self->subscriptions),
                          has_account && lw_sign_in_model_get_directory (self->model) != NULL);
  gtk_widget_set_visible (self->permission_group,
                          lw_session_get_target (SESSION (self)) != NULL);
  update_wait (self, state);
  update_code (self);
  update_account (self);
  update_subscriptions (self);
  update_permission (self);
  update_primary (self, state);
  lw_page_show_error (LW_PAGE (self), lw_sign_in_model_get_error (self->model));
  lw_page_set_private (LW_PAGE (self), state == LW_SIGN_IN_DEVICE);
  update_focus (self, state);
  if (state != LW_SIGN_IN_DEVICE)
    g_clear_handle_id (&self->tick, g_source_remove);
  else if (self->tick == 0)
    self->tick = g_timeout_add_seconds (1, tick_cb, self);
}

/* ---- Actions ---- */

static void
open_uri (LwPageSignIn *self, const char *uri)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  const char *scheme = uri != NULL ? g_uri_peek_scheme (uri) : NULL;

  if (g_strcmp0 (scheme, "https") == 0 || g_strcmp0 (scheme, "http") == 0)
    gtk_show_uri (GTK_WINDOW (root), uri, GDK_CURRENT_TIME);
}

static void
browser_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  lw_sign_in_model_start (LW_PAGE_SIGN_IN (widget)->model, LW_SIGN_IN_BY_BROWSER);
}

static void
device_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  lw_sign_in_model_start (LW_PAGE_SIGN_IN (widget)->model, LW_SIGN_IN_BY_DEVICE);
}

static void
az_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  lw_sign_in_model_start (LW_PAGE_SIGN_IN (widget)->model, LW_SIGN_IN_BY_AZ);
}

static void
cancel_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  lw_sign_in_model_cancel (LW_PAGE_SIGN_IN (widget)->model);
}

static void
sign_out_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  lw_sign_in_model_sign_out (LW_PAGE_SIGN_IN (widget)->model);
}

static void
open_uri_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LwPageSignIn *self = LW_PAGE_SIGN_IN (widget);

  open_uri (self, lw_sign_in_model_get_uri (self->model));
}

static void
copy_uri_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LwPageSignIn *self = LW_PAGE_SIGN_IN (widget);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget),
                          lw_sign_in_model_get_uri (self->model));
  lw_session_notice (SESSION (self), _ ("Address copied"));
}

static void
copy_code_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LwPageSignIn *self = LW_PAGE_SIGN_IN (widget);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget),
                          lw_sign_in_model_get_user_code (self->model));
  lw_session_notice (SESSION (self), _ ("Code copied"));
}

static void
model_open_uri_cb (LwPageSignIn *self, const char *uri)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    open_uri (self, uri);
}

/* ---- LwPage ---- */

static void
lw_page_sign_in_session_changed (LwPage *page)
{
  update (LW_PAGE_SIGN_IN (page));
}

static void
lw_page_sign_in_refresh (LwPage *page)
{
  LwPageSignIn *self = LW_PAGE_SIGN_IN (page);
  LwSignInState state = lw_sign_in_model_get_state (self->model);

  if (state == LW_SIGN_IN_IN)
    lw_sign_in_model_load (self->model);
  else if (state == LW_SIGN_IN_OUT && lw_sign_in_model_get_error (self->model) != NULL)
    lw_sign_in_model_again (self->model);
}

static gboolean
lw_page_sign_in_advise (LwPage *page, LwAdviceAction action)
{
  LwPageSignIn *self = LW_PAGE_SIGN_IN (page);

  switch (action)
    {
    case LW_ADVICE_SIGN_IN:
      /* In the way of last time: there may be no browser here. */
      lw_sign_in_model_again (self->model);
      return TRUE;
    case LW_ADVICE_MEMORY_ONLY:
      lw_sign_in_model_use_memory (self->model);
      return TRUE;
    case LW_ADVICE_UNLOCK_KEYRING:
      lw_sign_in_model_again (self->model);
      return TRUE;
    case LW_ADVICE_CHOOSE_SUBSCRIPTION:
      gtk_widget_grab_focus (GTK_WIDGET (self->subscriptions));
      return TRUE;
    case LW_ADVICE_RETRY:
    case LW_ADVICE_WAIT:
      lw_page_sign_in_refresh (page);
      return TRUE;
    case LW_ADVICE_NONE:
    case LW_ADVICE_CHOOSE_REGION:
    case LW_ADVICE_NEW_NAMES:
    case LW_ADVICE_REGISTER_PROVIDER:
    case LW_ADVICE_REMOVE_LOCK:
    case LW_ADVICE_PREPARE_PYTHON:
    case LW_ADVICE_EDIT_JOB:
    case LW_ADVICE_OPEN_LOG:
    default:
      return FALSE;
    }
}

/* Nobody is there to use a browser: the practice cloud grants the code by itself. */
static LwTourResult
lw_page_sign_in_tour_step (LwPage *page, char **caption)
{
  LwPageSignIn *self = LW_PAGE_SIGN_IN (page);

  if (lw_sign_in_model_get_error (self->model) != NULL)
    return LW_TOUR_STUCK;
  switch (lw_sign_in_model_get_state (self->model))
    {
    case LW_SIGN_IN_OUT:
      *caption = g_strdup (_ ("A code is asked for, to be used on another device"));
      gtk_widget_activate_action (GTK_WIDGET (self), "page.device", NULL);
      return LW_TOUR_ACTED;
    case LW_SIGN_IN_IN:
      if (lw_session_get_target (SESSION (self)) == NULL)
        return LW_TOUR_STUCK;
      *caption = g_strdup (_ ("Signed in, and the subscription is chosen"));
      return LW_TOUR_DONE;
    case LW_SIGN_IN_STARTING:
    case LW_SIGN_IN_BROWSER:
    case LW_SIGN_IN_DEVICE:
    case LW_SIGN_IN_AZ:
    case LW_SIGN_IN_LOADING:
    default:
      return LW_TOUR_WAIT;
    }
}

/* ---- GObject ---- */

static void
lw_page_sign_in_constructed (GObject *object)
{
  LwPageSignIn *self = LW_PAGE_SIGN_IN (object);

  self->model = g_object_ref (lw_session_ensure_model (SESSION (self), LW_TYPE_SIGN_IN_MODEL));
  g_settings_bind (lw_session_get_settings (SESSION (self)), "tenant", self->tenant, "text",
                   G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_object (self->model, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->model, "open-uri", G_CALLBACK (model_open_uri_cb), self,
                           G_CONNECT_SWAPPED);
  G_OBJECT_CLASS (lw_page_sign_in_parent_class)->constructed (object);
}

static void
lw_page_sign_in_dispose (GObject *object)
{
  LwPageSignIn *self = LW_PAGE_SIGN_IN (object);

  g_clear_handle_id (&self->tick, g_source_remove);
  g_clear_object (&self->model);
  g_clear_pointer (&self->subscription_rows, g_ptr_array_unref);
  G_OBJECT_CLASS (lw_page_sign_in_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "page.browser", NULL, browser_cb);
  gtk_widget_class_install_action (widget_class, "page.device", NULL, device_cb);
  gtk_widget_class_install_action (widget_class, "page.az", NULL, az_cb);
  gtk_widget_class_install_action (widget_class, "page.cancel", NULL, cancel_cb);
  gtk_widget_class_install_action (widget_class, "page.sign-out", NULL, sign_out_cb);
  gtk_widget_class_install_action (widget_class, "page.open-uri", NULL, open_uri_cb);
  gtk_widget_class_install_action (widget_class, "page.copy-uri", NULL, copy_uri_cb);
  gtk_widget_class_install_action (widget_class, "page.copy-code", NULL, copy_code_cb);
}

static void
lw_page_sign_in_class_init (LwPageSignInClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  LwPageClass *page_class = LW_PAGE_CLASS (klass);

  object_class->constructed = lw_page_sign_in_constructed;
  object_class->dispose = lw_page_sign_in_dispose;
  page_class->kind = LW_STEP_SIGN_IN;
  page_class->session_changed = lw_page_sign_in_session_changed;
  page_class->refresh = lw_page_sign_in_refresh;
  page_class->advise = lw_page_sign_in_advise;
  page_class->tour_step = lw_page_sign_in_tour_step;

  g_type_ensure (LW_TYPE_WAIT_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, LW_RESOURCE_PATH
                                               "lw-page-sign-in.ui");
  gtk_widget_class_bind_template_child (widget_class, LwPageSignIn, nobody);
  gtk_widget_class_bind_template_child (widget_class, LwPageSignIn, ways);
  gtk_widget_class_bind_template_child (widget_class, LwPageSignIn, az_row);
  gtk_widget_class_bind_template_child (widget_class, LwPageSignIn, tenant);
  gtk_widget_class_bind_template_child (widget_class, LwPageSignIn, waiting);
  gtk_widget_class_bind_template_child (widget_class, LwPageSignIn, wait_row);
  gtk_widget_class_bind_template_child (widget_class, LwPageSignIn, browser_group);
  gtk_widget_class_bind_template_child (widget_class, LwPageSignIn, device_group);
  gtk_widget_class_bind_template_child (widget_class, LwPageSignIn, code_row);
  gtk_widget_class_bind_template_child (widget_class, LwPageSignIn, uri_row);
  gtk_widget_class_bind_template_child (widget_class, LwPageSignIn, account_group);
  gtk_widget_class_bind_template_child (widget_class, LwPageSignIn, avatar);
  gtk_widget_class_bind_template_child (widget_class, LwPageSignIn, account_row);
  gtk_widget_class_bind_template_child (widget_class, LwPageSignIn, kept_row);
  gtk_widget_class_bind_template_child (widget_class, LwPageSignIn, kept_icon);
  gtk_widget_class_bind_template_child (widget_class, LwPageSignIn, subscriptions);
  gtk_widget_class_bind_template_child (widget_class, LwPageSignIn, permission_group);
  gtk_widget_class_bind_template_child (widget_class, LwPageSignIn, permission_row);
  install_actions (widget_class);
}

static void
lw_page_sign_in_init (LwPageSignIn *self)
{
  self->subscription_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}
