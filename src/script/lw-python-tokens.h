/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lw-python-lines.h"

G_BEGIN_DECLS

/**
 * LwPythonTokenKind:
 * @LW_PYTHON_TOKEN_NEWLINE: the end of a logical line
 * @LW_PYTHON_TOKEN_NL: the end of a physical line only: blank, a comment, inside brackets
 * @LW_PYTHON_TOKEN_ERROR: one character that Python does not know, or a quote without its partner
 */
typedef enum
{
  LW_PYTHON_TOKEN_NAME,
  LW_PYTHON_TOKEN_NUMBER,
  LW_PYTHON_TOKEN_STRING,
  LW_PYTHON_TOKEN_OP,
  LW_PYTHON_TOKEN_COMMENT,
  LW_PYTHON_TOKEN_NEWLINE,
  LW_PYTHON_TOKEN_NL,
  LW_PYTHON_TOKEN_INDENT,
  LW_PYTHON_TOKEN_DEDENT,
  LW_PYTHON_TOKEN_ERROR,
  LW_PYTHON_TOKEN_END,
} LwPythonTokenKind;

/** LwPythonToken: offsets are bytes into the whole text */
typedef struct
{
  LwPythonTokenKind kind;
  gsize line; /* from 0, of its start */
  gsize start;
  gsize end;
} LwPythonToken;

/**
 * lw_python_tokens_read:
 *
 * Cuts @lines into tokens exactly as the tokenize module of Python 3.11 does, errors included: text
 * that is no Python still gives tokens, and where that module gives up (a string or bracket that
 * does not end, an indentation that fits nothing) the tokens end, without LW_PYTHON_TOKEN_END.
 *
 * Returns: (transfer full) (element-type LwPythonToken)
 */
GArray *lw_python_tokens_read (const LwPythonLines *lines);

/** lw_python_token_is: Returns: whether @token reads @text */
gboolean lw_python_token_is (const LwPythonToken *token, const LwPythonLines *lines,
                             const char *text);

/** lw_python_token_dup: Returns: (transfer full): what @token reads */
char *lw_python_token_dup (const LwPythonToken *token, const LwPythonLines *lines);

/**
 * lw_python_token_dup_string:
 *
 * Evaluates a string literal: prefix, quotes, escapes. Bytes and f-strings have no value.
 *
 * Returns: (transfer full) (nullable): the string it stands for
 */
char *lw_python_token_dup_string (const LwPythonToken *token, const LwPythonLines *lines);

G_END_DECLS
