"""Linear algebra on one thread: how a library splits a sum among threads changes its last bit, and so a campaign's."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

__all__ = ["one_thread"]


@lru_cache(maxsize=1)
def _controller() -> Any:
    import numpy.linalg  # noqa: F401  (the libraries must be loaded to be found)
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def one_thread() -> Any:
    """A context in which BLAS and LAPACK use one thread."""
    return _controller().limit(limits=1, user_api="blas")
