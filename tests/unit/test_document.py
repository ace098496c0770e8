"""A project while it is edited: steps back and forth, files that others write, and nothing on disk that would not open."""

import re
import shutil
from pathlib import Path

import pytest

from downrange.errors import InputError
from downrange.project.document import Change, Document, set_in

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture
def genesis(tmp_path):
    shutil.copytree(EXAMPLES / "genesis", tmp_path / "genesis")
    return Document.open(tmp_path / "genesis")


SPAN = ("rocket", "parts", 1, "parts", 3, "span")


def put(way, value):
    return Change("set", way, value)


def test_it_says_what_the_files_say(genesis):
    assert set(genesis.files) == {"launch", "rocket", "site"}
    from downrange.project import open_project

    there, here = open_project(genesis.path), genesis.project()
    assert here.launch.loaded.mass == there.launch.loaded.mass and here.launch.pad == there.launch.pad
    assert set(here.uncertain) == set(there.uncertain)


def test_an_edit_goes_to_the_file_that_says_it_and_comes_back(genesis):
    before = genesis.texts
    genesis.edit([put(SPAN, "120 mm"), put(("rail", "length"), "6 m")])
    assert genesis.said["rocket"]["parts"][1]["parts"][3]["span"] == "120 mm"
    assert genesis.unsaved and genesis.can_undo and not genesis.can_redo
    genesis.undo()
    assert genesis.texts == before and genesis.can_redo
    genesis.redo()
    genesis.save()
    rocket = genesis.files["rocket"].read_text(encoding="utf-8")
    assert (
        "span: 120 mm" in rocket and "# assumed" in rocket and "length: 6 m" in genesis.path.read_text(encoding="utf-8")
    )
    assert rocket.replace("span: 120 mm", "span: 105 mm") == before["rocket"] and not genesis.unsaved


def test_of_changes_of_which_one_cannot_be_made_none_is(genesis):
    before = genesis.texts
    with pytest.raises(InputError):
        genesis.edit([put(SPAN, "1 m"), put(("rocket", "parts", 9, "length"), "1 m")])
    assert genesis.texts == before and not genesis.can_undo


def test_what_would_not_open_is_not_written(genesis):
    disk = genesis.files["rocket"].read_bytes()
    genesis.edit([put(("rocket", "parts", 0, "length"), "-3 mm")])
    with pytest.raises(InputError, match="must be above 0") as error:
        genesis.save()
    assert genesis.files["rocket"].read_bytes() == disk and genesis.unsaved
    assert error.value.line == 20
    genesis.undo()
    genesis.edit(
        [put(("rocket", "parts", 1, "wall"), "60 mm")]
    )  # refused when the rocket is built, not when its file is read
    with pytest.raises(InputError, match="thicker than the radius") as error:
        genesis.save()
    assert error.value.file.endswith("rocket.yaml") and error.value.line == 28


def test_what_another_program_writes_is_merged(genesis):
    path = genesis.files["rocket"]
    genesis.edit([put(("rocket", "parts", 0, "length"), "-3 mm")])  # not written
    path.write_text(path.read_text(encoding="utf-8").replace("span: 105 mm", "span: 99 mm"), encoding="utf-8")
    assert genesis.changed_outside() == ("rocket",)
    with pytest.raises(InputError, match="changed by another program"):
        genesis.edit([put(("rocket", "parts", 0, "length"), "300 mm")])
        genesis.save()
    assert genesis.merge()
    genesis.save()
    text = path.read_text(encoding="utf-8")
    assert "span: 99 mm" in text and "length: 300 mm" in text


def test_where_it_cannot_be_merged_nothing_is_lost(genesis):
    path = genesis.files["rocket"]
    genesis.edit([put(SPAN, "7 mm")])
    theirs = path.read_text(encoding="utf-8").split("\nparts:")[0] + "\nparts: []\n"
    path.write_text(theirs, encoding="utf-8")
    assert (
        not genesis.merge() and "span: 7 mm" in genesis.texts["rocket"] and path.read_text(encoding="utf-8") == theirs
    )
    genesis.take_theirs()
    assert genesis.texts["rocket"] == theirs
    genesis.undo()
    assert "span: 7 mm" in genesis.texts["rocket"]
    genesis.keep_mine()
    genesis.save()
    assert "span: 7 mm" in path.read_text(encoding="utf-8")


def test_line_breaks_and_permissions_stay(genesis):
    path = genesis.path
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    path.chmod(0o640)
    again = Document.open(path)
    again.edit([put(("rail", "length"), "5 m")])
    again.save()
    assert path.read_bytes().count(b"\r\n") == path.read_bytes().count(b"\n") and path.stat().st_mode & 0o777 == 0o640


def test_a_part_is_added_copied_moved_and_removed(genesis):
    way = ("rocket", "parts", 1, "parts")
    genesis.edit(
        [Change("insert", way, {"type": "mass", "mass": "20 g", "length": "20 mm", "diameter": "20 mm"}, index=4)]
    )
    heavier = genesis.project().launch.rocket
    assert len(heavier.parts[1].parts) == 5
    genesis.edit([Change("move", way, index=4, to=0)])
    assert genesis.said["rocket"]["parts"][1]["parts"][0]["type"] == "mass"
    genesis.edit([Change("remove", (*way, 0))])
    assert len(genesis.project().launch.rocket.parts[1].parts) == 4


def test_a_site_outside_the_project_is_refused(genesis, tmp_path):
    (tmp_path / "elsewhere.yaml").write_text("latitude: 1 deg\nlongitude: 1 deg\nelevation: 0 m\n", encoding="utf-8")
    genesis.path.write_text(
        genesis.path.read_text(encoding="utf-8").replace("site: site.yaml", "site: ../elsewhere.yaml"), encoding="utf-8"
    )
    with pytest.raises(InputError, match="leaves the project folder"):
        Document.open(genesis.path)


def test_set_in_shares_what_it_does_not_change():
    old = {"a": {"b": [1, 2]}, "c": [3]}
    new = set_in(old, ("a", "b", 1), 5)
    assert new == {"a": {"b": [1, 5]}, "c": [3]} and old["a"]["b"] == [1, 2] and new["c"] is old["c"]
    with pytest.raises(InputError):
        set_in(old, ("c", 4), 1)


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        {},
        {"kind": "set"},
        {"kind": "set", "way": []},
        {"kind": "set", "way": [True]},
        {"kind": "move", "way": ["a"], "to": -1},
        {"kind": "drop", "way": ["a"]},
    ],
)
def test_what_is_no_change_is_refused(said):
    with pytest.raises(InputError):
        Change.read(said)


def test_a_file_that_the_project_names_is_seen_when_it_is_replaced(genesis, tmp_path):
    folder = genesis.path.parent
    (tmp_path / "outside.ric").write_text("x", encoding="utf-8")
    genesis.edit([put(("motor",), {"file": "other.ric", "name": "../outside.ric"})])
    assert genesis.stamps()["other.ric"] == (0, 0)
    (folder / "other.ric").write_text("first", encoding="utf-8")
    first = genesis.stamps()
    assert first["other.ric"][0] > 0 and first["other.ric"][1] == 5
    assert first["../outside.ric"] == (0, 0)  # what lies elsewhere is not looked at
    (folder / "other.ric").write_text("another", encoding="utf-8")
    assert genesis.stamps()["other.ric"][1] == 7
    genesis.edit([put(("rail", "length"), "6 m")])
    assert genesis.stamps() == {**first, "other.ric": genesis.stamps()["other.ric"]}  # its own files are no part of it


def test_another_file_that_is_named_outside_is_read(genesis):
    """The studio burnt the old motor under the new one's name."""
    folder, launch = genesis.path.parent, genesis.path.read_text(encoding="utf-8")
    motor = "name: a\npropellant: KNSB\ngrains: [{type: bates, diameter: 15 mm, length: 22 mm, core: 5 mm}]\nnozzle: {throat: 4 mm}\n"
    naming = re.compile(r"(?m)^motor:.*\n(?: +.*\n)*")
    (folder / "a.yaml").write_text(motor, encoding="utf-8")
    (folder / "b.yaml").write_text(motor.replace("4 mm", "5 mm"), encoding="utf-8")
    for name, throat in (("a.yaml", "4 mm"), ("b.yaml", "5 mm")):
        genesis.path.write_text(naming.sub(f"motor: {name}\n", launch), encoding="utf-8")
        assert genesis.merge()
        assert genesis.files["motor"].name == name and genesis.motor_said["nozzle"]["throat"] == throat
    genesis.path.write_text(launch, encoding="utf-8")
    assert genesis.merge() and "motor" not in genesis.files and genesis.motor_said is None
    genesis.path.write_text(naming.sub("motor: gone.yaml\n", launch), encoding="utf-8")
    with pytest.raises(InputError, match="no such file"):
        genesis.merge()
    assert genesis.texts["launch"] == launch
