"""No validation number moves unseen: each is counted again and held beside `docs/census.csv`, better or worse."""

from __future__ import annotations

import math
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from census.groups import GROUPS
from census.rows import Row, digest, digits, moved, parse, read, table, text, write

ROOT = Path(__file__).resolve().parents[2]
RENEW = 'if that is meant: python builders/census.py "why they moved"'


@pytest.mark.parametrize("group", GROUPS)
def test_nothing_has_moved(group):
    changes = moved(read().group(group), list(GROUPS[group]()))
    told = "\n".join(changes[:20]) + (f"\n... and {len(changes) - 20} more" if len(changes) > 20 else "")
    assert not changes, f"{len(changes)} numbers of the census have moved:\n{told}\n{RENEW}"


def test_every_group_is_in_the_file_and_no_other():
    assert {row.group for row in read().rows} == set(GROUPS)


def test_the_rows_have_a_line_of_reason():
    """The last reason was written for the rows as they stand: who edits them by hand, or forgets why, is caught."""
    census = read()
    found, _, why = census.reasons[-1].split(maxsplit=2)
    assert found == census.digest and len(why) > 10, f"the rows of docs/census.csv have no line of reason; {RENEW}"


def test_the_validation_page_is_made_from_the_census():
    sys.path.insert(0, str(ROOT / "builders"))
    from validation import page

    assert (ROOT / "docs" / "validation.md").read_text(encoding="utf-8") == page(read()), RENEW


ROW = Row("flights", "a", "apogee, m", "", "its log", 3050.6, 2877.94, 0.1, -5.66, "%")


def test_a_number_that_moves_by_more_than_its_print_is_told():
    [line] = moved([ROW], [replace(ROW, ours=2878.2)])
    assert line == "flights: a, apogee, m: 2877.9 -> 2878.2 (right: 3050.6)"
    assert moved([ROW], [replace(ROW, ours=2878.02)]) == []
    assert len(moved([ROW], [replace(ROW, ours=2877.7)])) == 1  # worse or better alike
    assert len(moved([ROW], [replace(ROW, reference=3060.0)])) == 1  # as is a reference that was changed
    assert len(moved([ROW], [replace(ROW, ours=math.nan)])) == 1
    assert moved([replace(ROW, ours=math.nan)], [replace(ROW, ours=math.nan)]) == []


def test_a_coarser_print_hides_nothing():
    assert len(moved([ROW], [replace(ROW, ours=2890.0, print=100.0)])) == 1


def test_rows_that_come_or_go_are_told():
    other = replace(ROW, case="b")
    assert moved([ROW, other], [ROW]) == ["gone: flights: b, apogee, m"]
    assert moved([ROW], [ROW, other]) == ["new: flights: b, apogee, m: 2877.9"]
    assert len(moved([ROW, ROW], [ROW])) == 1  # the same measured twice counts twice


def test_rows_come_back_from_the_file(tmp_path):
    rows = [ROW, replace(ROW, case="with, comma", reference=None, error=None, ours=math.nan, peer=1.5)]
    write(rows, ["0000000000 2026-01-01: before", ("2026-01-02", "since")], tmp_path / "census.csv")
    back = read(tmp_path / "census.csv")
    assert moved(rows, back.rows) == [] and back.rows[1].peer == 1.5 and back.rows[1].reference is None
    assert back.reasons[0] == "0000000000 2026-01-01: before" and back.reasons[1] == f"{back.digest} 2026-01-02: since"
    assert digest(table(back.rows)) == back.digest
    edited = (tmp_path / "census.csv").read_text(encoding="utf-8").replace("2877.9", "2879.9")
    assert parse(edited).digest != back.digest


def test_numbers_are_shown_to_their_last_digit():
    assert [digits(x) for x in (23.5, 0.295, 1000.0, -0.5)] == pytest.approx([0.01, 1e-4, 1.0, 1e-4])
    assert (
        text(-0.0004, 0.01) == "0.00" and text(12345.6, 10.0) == "12350" and text(1.98827e-5, 1e-10) == "0.0000198827"
    )
    assert text(math.nan, 0.1) == "none" and text(None, 0.1) == ""
