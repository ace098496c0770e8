"""Who writes into a campaign's folder: a lock for each writer, so that no two fly the same shards.

A writer of part i of n (all of it: 1 of 1) makes `writer-i-of-n.lock`, whole or not at all, and then looks at the others:
parts that share a shard exclude each other, others do not, so several machines may fill one folder. Only creating,
reading and touching files is asked of the file system, which network file systems do in the right order too. Two who
start at the same moment may both be refused, never both let in.

A lock is dead where its process is gone (on the same machine), or where nobody has touched it for ten minutes by the
file system's own clock: a writer touches its own every half a minute.
"""

from __future__ import annotations

import json
import math
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from downrange.errors import InputError

__all__ = ["locked"]

_BEAT = 30.0  # s between touches
_DEAD = 600.0  # s without a touch: longer than a network file system hides one
_SHOWN = 80  # characters of what a lock says


def _machine() -> str:
    """This machine, and the set of process numbers that its numbers mean."""
    boot = space = ""
    with suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        space = os.readlink("/proc/self/ns/pid")
    return f"{socket.gethostname()} {boot} {space}"


def _alive(pid: int) -> bool:
    """Whether a process of this machine runs; taken for granted where asking would harm it."""
    if os.name == "nt":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _part_of(path: Path) -> tuple[int, int] | None:
    """(i, n) of a lock's name, i from zero; None where it is none."""
    words = path.stem.split("-")
    if len(words) != 4 or not (words[1].isdigit() and words[3].isdigit()) or not 1 <= int(words[1]) <= int(words[3]):
        return None
    return int(words[1]) - 1, int(words[3])


def _overlap(a: tuple[int, int], b: tuple[int, int]) -> bool:
    """Whether two parts share a shard: i + k n = j + l m has a solution where i and j agree modulo gcd(n, m)."""
    return (a[0] - b[0]) % math.gcd(a[1], b[1]) == 0


def _says(path: Path) -> dict[str, str]:
    """What a lock says of its writer; empty where it cannot be read (it is being written, or it is no lock)."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {k: str(found[k])[:200] for k in ("host", "pid", "machine", "since")}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}


def _is_dead(path: Path, now: float) -> bool:
    """Whether the writer of a lock is gone; `now` is the file system's time (s)."""
    try:
        silent = now - path.stat().st_mtime
    except FileNotFoundError:
        return True
    said = _says(path)
    if said.get("machine") == _machine() and said["pid"].isdigit() and not _alive(int(said["pid"])):
        return True
    return silent > _DEAD


def _held(path: Path) -> InputError:
    said = _says(path)
    who = (
        f"process {said['pid'][:_SHOWN]} on {said['host'][:_SHOWN]}, since {said['since'][:_SHOWN]}"
        if said
        else "another process"
    )
    return InputError(
        f"{who} is flying into this folder. Wait for it, stop it, or fly into another folder (--out); several machines may "
        f"share a folder with --shard. If it is gone, its lock dies {_DEAD / 60:.0f} minutes after its last sign of life, "
        "or delete it",
        file=str(path),
    )


def _create(path: Path, text: str) -> bool:
    """Make a file that was not there; False where it is."""
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w", encoding="utf-8") as f:
        f.write(text)
    return True


def _take(mine: Path, text: str) -> list[Path]:
    """Make the lock `mine`; returns the dead ones that were in the way. Raises `InputError` where somebody is writing."""
    buried = []
    for _ in range(3):
        if _create(mine, text):
            break
        probe = mine.with_name(f".{mine.name}.{os.getpid()}.now")
        try:
            probe.write_text("")
            now = probe.stat().st_mtime
        finally:
            probe.unlink(missing_ok=True)
        if not _is_dead(mine, now):
            raise _held(mine)
        # Renamed before it is deleted, so that of two who find it dead only one buries it.
        grave = mine.with_name(f".{mine.name}.{os.getpid()}.dead")
        with suppress(FileNotFoundError):
            mine.rename(grave)
            if not _is_dead(grave, now):  # somebody else buried the dead one first, and this is their own
                grave.rename(mine)
                raise _held(mine)
            grave.unlink(missing_ok=True)
            buried.append(mine)
    else:
        raise _held(mine)
    return buried


@contextmanager
def locked(folder: Path, part: tuple[int, int] = (0, 1)) -> Iterator[tuple[str, ...]]:
    """Hold the part `part` (i, n), i from zero, of a campaign's folder while in the context; makes the folder.

    Yields what is to be told: the locks of writers that died. Raises `InputError` where another writer is at work on the
    same shards.
    """
    folder.mkdir(parents=True, exist_ok=True)
    mine = folder / f"writer-{part[0] + 1}-of-{part[1]}.lock"
    who = {
        "host": socket.gethostname(),
        "pid": os.getpid(),
        "machine": _machine(),
        "since": datetime.now().astimezone().isoformat(" ", "seconds"),
    }
    buried = _take(mine, json.dumps(who))
    try:
        now = mine.stat().st_mtime
        for other in sorted(folder.glob("writer-*.lock")):
            theirs = _part_of(other)
            if other == mine or theirs is None or not _overlap(part, theirs):
                continue
            if not _is_dead(other, now):
                raise _held(other)
            other.unlink(missing_ok=True)
            buried.append(other)
        with _beating(mine):
            yield tuple(f"took over {b.name}, whose writer is gone" for b in buried)
    finally:
        mine.unlink(missing_ok=True)


@contextmanager
def _beating(path: Path) -> Iterator[None]:
    """Touch a file every half a minute, by the file system's clock."""
    done = threading.Event()

    def beat() -> None:
        while not done.wait(_BEAT):
            with suppress(OSError):
                os.utime(path)

    thread = threading.Thread(target=beat, name="campaign lock", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
