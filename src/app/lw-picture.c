/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pictures of a window, drawn by its own renderer. Main thread, no state. */

#include "lw-picture.h"

#include "lw-error.h"

static GdkTexture *
render (GtkWindow *window)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (GTK_WIDGET (window));
  GskRenderer *renderer = gtk_native_get_renderer (GTK_NATIVE (window));
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;

  gdk_paintable_snapshot (paintable, snapshot, gdk_paintable_get_intrinsic_width (paintable),
                          gdk_paintable_get_intrinsic_height (paintable));
  node = gtk_snapshot_free_to_node (snapshot);
  if (node == NULL || renderer == NULL)
    return NULL;
  return gsk_renderer_render_texture (renderer, node, NULL);
}

gboolean
lw_picture_save (GtkWindow *window, const char *path, GError **error)
{
  g_autoptr (GdkTexture) texture = NULL;

  g_return_val_if_fail (GTK_IS_WINDOW (window), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  texture = render (window);
  if (texture != NULL && gdk_texture_save_to_png (texture, path))
    return TRUE;
  g_set_error (error, LW_ERROR, LW_ERROR_FAILED, "no picture: %s", path);
  return FALSE;
}
