"""The lab notebook notes by itself, shows what was changed afterwards, and a review holds for the design that was signed."""

import json
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from downrange.errors import InputError
from downrange.project import open_project
from downrange.project.notebook import add_page, begin, design_hash, notes_of, pages_of, problems_of, record, trials_of
from downrange.project.review import read_review
from downrange.report.composing import Material
from downrange.report.composing.season import notebook_table, predictions_table, review_table
from downrange.report.composing.tables import TABLES
from downrange.report.documents import plain_text

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(ROOT / "examples" / "tarc", tmp_path / "tarc")
    return tmp_path / "tarc"


def opened(folder, **how):
    return open_project(folder / "launch.yaml", **how)


def heavier(folder, text="800 mm"):
    path = folder / "rocket.yaml"
    path.write_text(re.sub(r"length: [\d.]+ mm", f"length: {text}", path.read_text(), count=1))


def test_nothing_is_noted_before_it_was_begun(folder):
    assert record(opened(folder), "predicted", {"apogee_agl_m": 1.0}) is None and not (folder / "notebook").exists()
    begin(opened(folder))
    (note,) = notes_of(opened(folder))
    assert note.what == "designed" and note.design == design_hash(opened(folder)) and note.before == ""
    assert record(opened(folder), "designed") is None  # nothing new


def test_a_changed_design_is_noted_with_what_changed_and_the_day_is_not_design(folder):
    begin(opened(folder))
    first = design_hash(opened(folder))
    assert design_hash(opened(folder, wind=(9.0, 1.0), elevation=1.4)) == first
    heavier(folder)
    record(opened(folder), "predicted", {"apogee_agl_m": 210.5, "result": "landed", "nothing": None})
    notes = notes_of(opened(folder))
    assert [n.what for n in notes] == ["designed", "designed", "predicted"]
    assert [n.before for n in notes[1:]] == [n.check for n in notes[:-1]]
    ((path, (was, now)),) = notes[1].changed.items()
    assert "length" in path and now.startswith("800") and was != now
    assert dict(notes[2].numbers) == {"apogee_agl_m": 210.5} and notes[2].design != first
    assert record(opened(folder), "predicted", {"apogee_agl_m": 210.5}) is None
    assert record(opened(folder), "predicted", {"apogee_agl_m": 211.5}) is not None


def test_a_note_that_was_changed_or_lost_shows(folder, call):
    begin(opened(folder))
    record(opened(folder), "predicted", {"apogee_agl_m": 210.0})
    record(opened(folder), "predicted", {"apogee_agl_m": 211.0})
    assert problems_of(opened(folder)) == ()
    path = folder / "notebook" / notes_of(opened(folder))[1].file
    kept = path.read_text()
    path.write_text(kept.replace("210.0", "250.0"))
    assert any("changed after it was written" in p for p in problems_of(opened(folder)))
    code, out, _ = call("notebook", "show", str(folder), "--json")
    assert code == 1 and len(json.loads(out)["problems"]) == 2
    path.unlink()
    assert any("the note before it is missing" in p for p in problems_of(opened(folder)))
    path.write_text(kept)
    assert problems_of(opened(folder)) == ()


def test_a_prediction_counts_that_was_noted_before_the_logs_were_read(folder, tmp_path):
    log = tmp_path / "log.csv"
    log.write_text("time,altitude\n")
    begin(opened(folder))
    record(opened(folder), "flown", {"apogee_agl_m": 200.0}, [log])
    record(opened(folder), "predicted", {"apogee_agl_m": 220.0})
    record(opened(folder), "flown", {"apogee_agl_m": 200.0, "apogee_error_m": 2.0}, [log])
    record(opened(folder), "predicted", {"apogee_agl_m": 200.0})  # after it: no prediction of it
    heavier(folder)
    record(opened(folder), "flown", {"apogee_agl_m": 250.0}, [log])
    first, second, third = trials_of(opened(folder))
    assert first.predicted is None
    assert second.predicted.numbers["apogee_agl_m"] == 220.0 and second.same
    assert third.predicted.numbers["apogee_agl_m"] == 200.0 and not third.same
    assert len(second.flown.files["log.csv"]) == 64
    table = predictions_table(Material(opened(folder), "metric"))
    rows = [[plain_text(c) for c in r] for r in table.rows]
    assert rows[0][1] == "none before it" and rows[1][4] == "+10.0 %" and rows[2][4] == "-20.0 %"
    assert "mean -5.0 %, root mean square 15.8 %" in table.note
    assert "another design" in rows[2][1]


def test_the_commands_note_by_themselves(folder, call):
    assert call("notebook", "begin", str(folder))[0] == 0
    code, out, err = call("fly", str(folder), "--json")
    assert code == 0 and "noted in notebook/" in err
    apogee = json.loads(out)["apogee_agl_m"]
    code, out, _ = call("notebook", "show", str(folder), "--json")
    notes = json.loads(out)["notes"]
    assert code == 0 and [n["what"] for n in notes] == ["designed", "predicted"]
    assert notes[1]["numbers"]["apogee_agl_m"] == apogee
    assert call("notebook", "add", str(folder), "--title", "First <b>launch</b>", "--text", "It *flew*.")[0] == 0
    code, out, _ = call("notebook", "show", str(folder), "-o", str(folder / "book.html"))
    page = (folder / "book.html").read_text()
    assert code == 0 and "First b launch b" in out and "It <em>flew</em>." in page and "<b>launch" not in page


def test_pages_of_people_are_kept(folder, tmp_path):
    with pytest.raises(InputError, match="no notebook yet"):
        add_page(opened(folder), "a", "b")
    begin(opened(folder))
    page = add_page(opened(folder), "../../escape: it", "text")
    assert page.parent == folder / "notebook" and pages_of(opened(folder))[0].title == page.stem[11:]
    with pytest.raises(InputError, match="of today already"):
        add_page(opened(folder), "../../escape: it", "other")
    assert "text" in page.read_text()
    assert any("escape" in plain_text(r[4]) for r in notebook_table(Material(opened(folder))).rows)


REVIEW = """
comments:
  - {by: A. Mentor, date: 2026-05-01, part: PART, says: "Too thin <script>"}
  - {by: A. Mentor, date: 2026-05-02, number: rail exit speed, says: Slow, answer: Longer rail, state: done}
signed:
  - {by: A. Mentor, role: mentor, date: 2026-05-03, design: HASH}
"""


def test_a_signature_holds_for_the_design_that_was_signed(folder):
    from downrange.rocket import called

    assert read_review(opened(folder)) is None
    begin(opened(folder))
    part = called(opened(folder).launch.rocket.placed[0].part)
    text = REVIEW.replace("PART", part).replace("HASH", design_hash(opened(folder)))
    (folder / "review.yaml").write_text(text)
    review = read_review(opened(folder))
    assert (
        len(review.open) == 1
        and not review.holds
        and review.changed == ()
        and review.signed[0].date == date(2026, 5, 3)
    )
    (folder / "review.yaml").write_text(text.replace('"Too thin <script>"', '"Too thin <script>", state: done'))
    assert read_review(opened(folder)).holds
    assert "Somebody signed this design" in review_table(Material(opened(folder))).note
    heavier(folder)
    review = read_review(opened(folder))
    assert not review.holds and len(review.changed) == 1 and review.changed[0][2].startswith("800")
    table = review_table(Material(opened(folder)))
    assert "Not signed as it is." in table.note and "800 mm" in table.note and plain_text(table.rows[-1][5]) == "void"


@pytest.mark.parametrize(
    ("was", "instead", "match"),
    [
        ("part: PART", "part: wing", "no part 'wing'"),
        ("number: rail exit speed", "number: rail exit sped", "no number of a flight is called"),
        ("number: rail exit speed", "number: apogee, figure: flight", "at one of part, number and figure"),
        ("state: done", "state: finished", "done"),
        ("design: HASH", "design: abc", "design"),
        ("role: mentor", "rol: mentor", "role"),
    ],
)
def test_a_review_that_says_what_there_is_not_is_told(folder, was, instead, match):
    from downrange.rocket import called

    text = REVIEW.replace(was, instead).replace("HASH", "d" + "0" * 11)
    (folder / "review.yaml").write_text(text.replace("PART", called(opened(folder).launch.rocket.placed[0].part)))
    with pytest.raises(InputError, match=match) as caught:
        read_review(opened(folder))
    assert caught.value.file.endswith("review.yaml") and caught.value.line


def test_every_table_of_a_season_says_what_is_missing(folder):
    from downrange.report.composing.material import Missing

    for name in ("notebook", "designs", "practice log", "predictions", "review"):
        with pytest.raises(Missing):
            TABLES[name](Material(opened(folder)))
