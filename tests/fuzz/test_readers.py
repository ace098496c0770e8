"""Mutated files: whatever is in a file, a reader gives a value that can be, or one short `InputError`, and soon.

Deterministic: `DOWNRANGE_FUZZ_SEED` (default 1) chooses other mutants, `DOWNRANGE_FUZZ_TIMES` more of them. A failure prints
what to call to see the one that failed.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from downrange.errors import DownrangeError
from fuzz.mutate import mutant
from fuzz.samples import Sample, samples

SEED = os.environ.get("DOWNRANGE_FUZZ_SEED", "1")
TIMES = float(os.environ.get("DOWNRANGE_FUZZ_TIMES", "1"))
LONGEST = 680  # characters: a message of 600, and its place
HANG = 20  # s; a hang, on the slowest machine: a mutant takes milliseconds


class Hang(BaseException):
    """Not an `Exception`: no reader may swallow it."""


@contextmanager
def limited(seconds: int) -> Iterator[None]:
    """Raise `Hang` after some seconds, where the system has alarms."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(*_: object) -> None:
        raise Hang

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def attempt(sample: Sample, data: bytes, folder: Path) -> str:
    """Read one file; `read` or `refused`, or what is wrong with how it ended."""
    path = folder / sample.file
    path.write_bytes(data)
    try:
        with limited(HANG):
            sample.read(path)
    except DownrangeError as error:
        said = str(error).replace(str(folder), "")
        return "refused" if 0 < len(said) <= LONGEST and said.isprintable() else f"a message like {said[:700]!r}"
    except Hang:
        return "a hang"
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:200]}"
    return "read"


@pytest.mark.parametrize("name", sorted(samples()))
def test_mutants(name, tmp_path, record_property):
    sample = samples()[name]
    for other, data in sample.beside.items():
        (tmp_path / other).write_bytes(data)
    assert attempt(sample, sample.data, tmp_path) == "read", "the sample itself must be good"
    counts: Counter[str] = Counter()
    wrong = []
    for k in range(max(1, int(sample.runs * TIMES))):
        data, what = mutant(sample.kind, sample.data, f"{SEED}/{name}/{k}")
        end = attempt(sample, data, tmp_path)
        counts[end if end in ("read", "refused") else "wrong"] += 1
        if end not in ("read", "refused"):
            wrong.append(f"seed {SEED}, mutant {k} ({what}): {end}")
    record_property("fuzz", dict(counts))
    assert not wrong, f"{len(wrong)} of {counts.total()} mutants of {name} ended badly\n" + "\n".join(wrong[:12])
    assert counts["refused"] > 0 or sample.salvages, "no mutant was refused: the mutations reach nothing"
