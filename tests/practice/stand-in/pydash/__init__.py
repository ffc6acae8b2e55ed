# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for the package pydash, which Debian lacks: only what azure-ai-ml uses of it."""

from . import objects
from .objects import get, omit
