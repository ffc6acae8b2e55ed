/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "prompter.h"

#define PROMPTER "org.gnome.keyring.internal.Prompter"
#define CALLBACK "org.gnome.keyring.internal.Prompter.Callback"

struct _Prompter
{
  GThread *thread;
  GMainContext *context;
  GMainLoop *loop;
  GDBusConnection *connection;
  GMutex mutex;
  GCond changed;
  guint dismiss_after_ms;
  gboolean is_ready; /* guarded by mutex */
  gboolean is_shown; /* guarded by mutex */
};

typedef struct
{
  GDBusConnection *connection;
  char *caller;
  char *path;
} Prompt;

static const char interface_xml[]
    = "<node><interface name='" PROMPTER "'>"
      "<method name='BeginPrompting'><arg type='o' direction='in'/></method>"
      "<method name='PerformPrompt'><arg type='o' direction='in'/><arg type='s' direction='in'/>"
      "<arg type='a{sv}' direction='in'/><arg type='s' direction='in'/></method>"
      "<method name='StopPrompting'><arg type='o' direction='in'/></method>"
      "</interface></node>";

static void
set_flag (Prompter *self, gboolean *flag)
{
  g_mutex_lock (&self->mutex);
  *flag = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

static void
wait_flag (Prompter *self, const gboolean *flag)
{
  g_mutex_lock (&self->mutex);
  while (!*flag)
    g_cond_wait (&self->changed, &self->mutex);
  g_mutex_unlock (&self->mutex);
}

static void
prompt_free (gpointer data)
{
  Prompt *self = data;

  g_free (self->caller);
  g_free (self->path);
  g_free (self);
}

static void
call_back (const Prompt *prompt, const char *method, GVariant *parameters)
{
  g_dbus_connection_call (prompt->connection, prompt->caller, prompt->path, CALLBACK, method,
                          parameters, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, NULL);
}

static gboolean
dismiss_cb (gpointer data)
{
  call_back (data, "PromptReady", g_variant_new_parsed ("('no', @a{sv} {}, '')"));
  return G_SOURCE_REMOVE;
}

static void
method_call_cb (GDBusConnection *connection, const char *sender, const char *object_path,
                const char *interface_name, const char *method, GVariant *parameters,
                GDBusMethodInvocation *invocation, gpointer user_data)
{
  Prompter *self = user_data;
  Prompt *prompt = g_new0 (Prompt, 1);
  g_autoptr (GSource) timeout = NULL;

  prompt->connection = connection;
  prompt->caller = g_strdup (sender);
  g_variant_get_child (parameters, 0, "o", &prompt->path);
  g_dbus_method_invocation_return_value (invocation, NULL);
  if (g_str_equal (method, "BeginPrompting"))
    call_back (prompt, "PromptReady", g_variant_new_parsed ("('', @a{sv} {}, '')"));
  else if (g_str_equal (method, "StopPrompting"))
    call_back (prompt, "PromptDone", NULL);
  else
    set_flag (self, &self->is_shown);
  if (!g_str_equal (method, "PerformPrompt") || self->dismiss_after_ms == 0)
    {
      prompt_free (prompt);
      return;
    }
  timeout = g_timeout_source_new (self->dismiss_after_ms);
  g_source_set_callback (timeout, dismiss_cb, prompt, prompt_free);
  g_source_attach (timeout, self->context);
}

static void
name_acquired_cb (GDBusConnection *connection, const char *name, gpointer user_data)
{
  Prompter *self = user_data;

  set_flag (self, &self->is_ready);
}

static gpointer
serve_thread_cb (gpointer data)
{
  static const GDBusInterfaceVTable vtable = { .method_call = method_call_cb };
  Prompter *self = data;
  g_autoptr (GDBusNodeInfo) info = g_dbus_node_info_new_for_xml (interface_xml, NULL);
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  guint owner = 0;

  g_main_context_push_thread_default (self->context);
  self->connection = g_dbus_connection_new_for_address_sync (
      address,
      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
          | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
      NULL, NULL, NULL);
  g_assert_nonnull (self->connection);
  g_dbus_connection_register_object (self->connection, "/org/gnome/keyring/Prompter",
                                     info->interfaces[0], &vtable, self, NULL, NULL);
  owner = g_bus_own_name_on_connection (self->connection, "org.gnome.keyring.SystemPrompter",
                                        G_BUS_NAME_OWNER_FLAGS_NONE, name_acquired_cb, NULL, self,
                                        NULL);
  g_main_loop_run (self->loop);
  g_bus_unown_name (owner);
  g_dbus_connection_close_sync (self->connection, NULL, NULL);
  g_clear_object (&self->connection);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

Prompter *
prompter_new (guint dismiss_after_ms)
{
  Prompter *self = g_new0 (Prompter, 1);

  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  self->dismiss_after_ms = dismiss_after_ms;
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->thread = g_thread_new ("prompter", serve_thread_cb, self);
  wait_flag (self, &self->is_ready);
  return self;
}

void
prompter_wait_shown (Prompter *self)
{
  wait_flag (self, &self->is_shown);
}

void
prompter_free (Prompter *self)
{
  g_main_loop_quit (self->loop);
  g_thread_join (self->thread);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->mutex);
  g_free (self);
}
