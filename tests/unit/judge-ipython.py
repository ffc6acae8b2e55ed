# SPDX-License-Identifier: GPL-3.0-or-later
"""Transforms cells with IPython: judge-ipython.py IN OUT, cells ended by NUL.

A cell on which IPython raises an exception is answered by U+0001.
"""

import sys
import warnings

from IPython.core.inputtransformer2 import TransformerManager

warnings.simplefilter("ignore")
with open(sys.argv[1], encoding="utf-8", newline="") as file:
    cells = file.read().split("\0")[:-1]
with open(sys.argv[2], "w", encoding="utf-8", newline="") as file:
    for cell in cells:
        try:
            file.write(TransformerManager().transform_cell(cell))
        except Exception:
            file.write("\1")
        file.write("\0")
