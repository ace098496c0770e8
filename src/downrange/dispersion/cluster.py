"""Fly shards on a Dask cluster (extra `cluster`): `dask scheduler`, then `dask worker ADDRESS` on each machine."""

from __future__ import annotations

import logging
import pickle
from collections.abc import Generator, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import cast

import numpy as np

from downrange.dispersion.campaign import fly_shard
from downrange.dispersion.plan import Plan
from downrange.errors import InputError

__all__ = ["run_on_cluster"]

_RETRIES = 3  # a shard whose worker dies goes to another


@lru_cache(maxsize=2)
def _plan(data: bytes) -> Plan:
    """The plan, once on each worker. Dask's own unpickling gives arrays that are read only, for which the kernel would
    be compiled anew, and its last bits would differ."""
    return cast(Plan, pickle.loads(data))


def _fly(data: bytes, shard: int, size: int) -> dict[str, np.ndarray]:
    return fly_shard(_plan(bytes(data)), shard, size)


def run_on_cluster(
    plan: Plan, shards: Sequence[tuple[int, int]], address: str, *, timeout: float = 20.0
) -> Generator[tuple[int, dict[str, np.ndarray]], None, None]:
    """Fly shards on the cluster at `address`; yields (number, columns) in the order in which they are done.

    Workers need this version of downrange. Raises `InputError` where no scheduler answers or no worker is there.
    """
    try:
        from distributed import CancelledError, Client, KilledWorker, as_completed
        from distributed.comm.core import CommClosedError
    except ImportError:
        raise InputError(
            "a cluster needs the extra cluster: pip install 'downrange[cluster]'", key="--cluster"
        ) from None
    # Its own account of a lost connection is pages of tracebacks; what matters is said below.
    for name in ("distributed", "tornado", "asyncio", *logging.root.manager.loggerDict):
        if name.split(".")[0] in ("distributed", "tornado", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=timeout)
    except (OSError, TimeoutError, ValueError) as error:
        raise InputError(
            f"no Dask scheduler answers at {address} ({str(error)[:120]}); start one with: dask scheduler",
            key="--cluster",
        ) from None
    try:
        if not client.scheduler_info()["workers"]:
            raise InputError(
                f"the scheduler at {address} has no workers; start one with: dask worker {address}", key="--cluster"
            )
        held = client.scatter(pickle.dumps(plan), broadcast=True, hash=False)
        futures = {client.submit(_fly, held, k, n, pure=False, retries=_RETRIES): k for k, n in shards}
        for future, columns in as_completed(futures, with_results=True):
            if isinstance(columns, BaseException):  # how a future ends whose scheduler is gone
                raise columns
            yield futures[future], columns
            future.release()
    except (CommClosedError, CancelledError, KilledWorker, OSError, TimeoutError) as error:
        raise InputError(
            f"the Dask cluster at {address} is gone ({type(error).__name__}): what was flown is kept; start it again, and the "
            "same command goes on", key="--cluster",
        ) from None  # fmt: skip
    finally:
        with suppress(Exception):
            client.close(timeout=5)
