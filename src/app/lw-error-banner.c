/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The card of an error. It keeps no GError: what it shows is text made once. Main thread; lives as
 * long as its page. */

#include "lw-error-banner.h"

#include <glib/gi18n.h>

#include "lw-error.h"
#include "lw-resources.h"
#include "lw-texts.h"

/* The service's words in the details; more is never helpful and could fill the page. */
#define MAX_WORDS 4000

struct _LwErrorBanner
{
  AdwBin parent_instance;

  GtkLabel *title;
  GtkLabel *meaning;
  GtkLabel *todo;
  GtkButton *button;
  GtkExpander *expander;
  GtkLabel *details;

  LwAdviceAction action;
};

G_DEFINE_FINAL_TYPE (LwErrorBanner, lw_error_banner, ADW_TYPE_BIN)

enum
{
  ADVICE,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

static void
append_line (GString *text, const char *label, const char *value)
{
  if (value != NULL && value[0] != '\0')
    g_string_append_printf (text, "%s: %s\n", label, value);
}

char *
lw_error_banner_dup_details (const GError *error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *words = NULL;

  if (error->domain == LW_AZURE_ERROR)
    {
      g_autofree char *status = g_strdup_printf ("%u", lw_azure_error_get_status (error));

      append_line (text, "HTTP", lw_azure_error_get_status (error) != 0 ? status : NULL);
      append_line (text, _ ("Code"), lw_azure_error_get_code (error));
      append_line (text, _ ("Inner code"), lw_azure_error_get_inner_code (error));
      append_line (text, _ ("Target"), lw_azure_error_get_target (error));
      append_line (text, _ ("Request"), lw_azure_error_get_request_id (error));
      append_line (text, _ ("Correlation"), lw_azure_error_get_correlation_id (error));
    }
  else if (error->domain == LW_ERROR)
    append_line (text, _ ("Code"), lw_error_get_name ((LwError) error->code));
  else
    {
      g_autofree char *code = g_strdup_printf ("%s %d", g_quark_to_string (error->domain),
                                               error->code);

      append_line (text, _ ("Code"), code);
    }
  words = g_utf8_make_valid (error->message, (gssize) strnlen (error->message, MAX_WORDS));
  g_string_append (text, words);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
set_optional (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL);
}

void
lw_error_banner_show (LwErrorBanner *self, const LwAdvice *advice, const GError *error)
{
  g_autofree char *details = NULL;
  const char *button;
  LwErrorTexts texts;

  g_return_if_fail (LW_IS_ERROR_BANNER (self));
  g_return_if_fail (advice != NULL && error != NULL);

  details = lw_error_banner_dup_details (error);
  lw_texts_fill_error (advice->id, &texts);
  button = lw_texts_get_advice_button (advice->action);
  self->action = advice->action;
  gtk_label_set_label (self->title, texts.title);
  set_optional (self->meaning, texts.meaning);
  set_optional (self->todo, texts.todo);
  gtk_label_set_label (self->details, details);
  gtk_expander_set_expanded (self->expander, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->button), button != NULL);
  if (button != NULL)
    gtk_button_set_label (self->button, button);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

void
lw_error_banner_hide (LwErrorBanner *self)
{
  g_return_if_fail (LW_IS_ERROR_BANNER (self));

  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

char *
lw_error_banner_dup_text (LwErrorBanner *self)
{
  g_return_val_if_fail (LW_IS_ERROR_BANNER (self), NULL);

  if (!gtk_widget_get_visible (GTK_WIDGET (self)))
    return NULL;
  return g_strjoin ("\n", gtk_label_get_label (self->title), gtk_label_get_label (self->meaning),
                    gtk_label_get_label (self->details), NULL);
}

static void
dismiss_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  lw_error_banner_hide (LW_ERROR_BANNER (widget));
}

static void
advice_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_signal_emit (widget, signals[ADVICE], 0, (int) LW_ERROR_BANNER (widget)->action);
}

static void
copy_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget),
                          gtk_label_get_label (LW_ERROR_BANNER (widget)->details));
}

static void
lw_error_banner_class_init (LwErrorBannerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[ADVICE] = g_signal_new ("advice", LW_TYPE_ERROR_BANNER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_INT);

  gtk_widget_class_set_template_from_resource (widget_class, LW_RESOURCE_PATH "lw-error-banner.ui");
  gtk_widget_class_bind_template_child (widget_class, LwErrorBanner, title);
  gtk_widget_class_bind_template_child (widget_class, LwErrorBanner, meaning);
  gtk_widget_class_bind_template_child (widget_class, LwErrorBanner, todo);
  gtk_widget_class_bind_template_child (widget_class, LwErrorBanner, button);
  gtk_widget_class_bind_template_child (widget_class, LwErrorBanner, expander);
  gtk_widget_class_bind_template_child (widget_class, LwErrorBanner, details);
  gtk_widget_class_install_action (widget_class, "error.dismiss", NULL, dismiss_cb);
  gtk_widget_class_install_action (widget_class, "error.advice", NULL, advice_cb);
  gtk_widget_class_install_action (widget_class, "error.copy", NULL, copy_cb);
}

static void
lw_error_banner_init (LwErrorBanner *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
lw_error_banner_new (void)
{
  return g_object_new (LW_TYPE_ERROR_BANNER, NULL);
}
