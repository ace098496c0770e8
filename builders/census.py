"""Renew `docs/census.csv` and the validation page that is made from it: `python builders/census.py "why they moved"`.

Without a reason it says what has moved and writes nothing (but the page, where that is older than the file). A number that has
not moved by more than its print stays as it stands in the file, so that nothing creeps. Groups whose data is not beside the project
(`../shared/validation`) stay as they were.
"""

from __future__ import annotations

import datetime
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "builders")]
os.environ.setdefault("DOWNRANGE_COMPILE", "wait")

from validation import page  # noqa: E402

from census.groups import GROUPS  # noqa: E402
from census.rows import FILE, Census, Row, moved, read, write  # noqa: E402


def settled(before: list[Row], now: list[Row]) -> list[Row]:
    """The rows of now, each as it stood before where it has not moved."""
    if len(before) != len(now):
        return now
    return [
        old if old.key == new.key and not moved([old], [new]) else new for old, new in zip(before, now, strict=True)
    ]


def counted(before: Census) -> tuple[list[Row], list[str], list[str]]:
    """The rows of now, what has moved, and the groups that could not be made."""
    from _pytest.outcomes import Skipped

    rows: list[Row] = []
    changes: list[str] = []
    absent = []
    for name, make in GROUPS.items():
        was = before.group(name)
        try:
            now = settled(was, list(make()))
        except Skipped as error:
            absent.append(f"{name}: {error.msg}")
            now = was
        changes += moved(was, now)
        rows += now
    changes += [f"gone: {row.group}: {row.name}" for row in before.rows if row.group not in GROUPS]
    return rows, changes, absent


def main() -> None:
    """Count, say what has moved, and write it where a reason was given."""
    why = " ".join(" ".join(sys.argv[1:]).split())
    before = read() if FILE.exists() else Census((), (), "")
    rows, changes, absent = counted(before)
    for line in absent:
        print(f"not made again: {line}")
    for line in changes:
        print(line)
    print(f"{len(changes)} of {len(rows)} numbers have moved")
    if changes and not why:
        print('nothing written; if they should have: python builders/census.py "why they moved"')
        sys.exit(1)
    if changes:
        today = f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}"
        told = f"{len(changes)} of {len(rows)}" if before.rows else f"{len(rows)} new"
        write(rows, [*before.reasons, (today, f"{why} ({told})")])
    if FILE.exists():
        (ROOT / "docs" / "validation.md").write_text(page(read()), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
