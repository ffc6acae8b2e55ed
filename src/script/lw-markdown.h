/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  LW_MARKDOWN_PARAGRAPH,
  LW_MARKDOWN_HEADING,
  LW_MARKDOWN_ITEM,
  LW_MARKDOWN_QUOTE,
  LW_MARKDOWN_CODE,
  LW_MARKDOWN_RULE,
} LwMarkdownKind;

/** LwMarkdownBlock: one piece of a Markdown text, below each other on the screen */
typedef struct
{
  LwMarkdownKind kind;
  guint level;  /* of a heading 1 to 6; of an item how deep it is nested, from 0 */
  char *marker; /* owned (nullable): before an item, "•" or "2." */
  char *markup; /* owned: Pango markup, everything from outside escaped; "" of a rule */
} LwMarkdownBlock;

/* A longer text is not looked into but shown as it is: cells of notebooks have a page at most. */
#define LW_MARKDOWN_MAX_SIZE (64 * 1024)

/**
 * lw_markdown_read:
 * @text: Markdown as notebooks hold it, UTF-8
 *
 * Reads what cells of notebooks are made of: headings, paragraphs, lists, quotes, code (fenced,
 * indented, tables too), rules; inside a line bold, italic, code and links, of which only those to
 * http and https can be followed. HTML is shown, not obeyed.
 *
 * Returns: (transfer full) (element-type LwMarkdownBlock)
 */
GPtrArray *lw_markdown_read (const char *text);

void lw_markdown_block_free (LwMarkdownBlock *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LwMarkdownBlock, lw_markdown_block_free)

G_END_DECLS
