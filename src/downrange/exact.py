"""Linear algebra on one thread: how a library splits a sum among threads changes its last bit, and so a campaign's.

It is quicker too: the systems of an aerodynamic build have a few hundred unknowns, and on a busy machine the threads of
BLAS wait for one another (measured: 33 ms with one, 200 to 290 ms with two).
"""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from functools import lru_cache
from typing import Any

__all__ = ["begin_with_one_thread", "one_thread"]

_SETTINGS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


_told: list[bool] = []  # whether BLAS was told before it was loaded


def begin_with_one_thread() -> None:
    """Give BLAS one thread for the whole process, where nothing has loaded it yet: what the command line does first."""
    if "numpy" not in sys.modules:
        os.environ.update(dict.fromkeys(_SETTINGS, "1"))
        _told.append(True)


@lru_cache(maxsize=2)
def _controller(scipy: bool) -> Any:
    # scipy brings a BLAS of its own, which a controller made before it was loaded does not know.
    import numpy.linalg  # noqa: F401  (the libraries must be loaded to be found)
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def one_thread() -> Any:
    """A context in which BLAS and LAPACK use one thread."""
    return nullcontext() if _told else _controller("scipy.linalg" in sys.modules).limit(limits=1, user_api="blas")
