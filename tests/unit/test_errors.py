"""What a message shows of what it was given."""

import pytest

from downrange.errors import InputError, seen, suggest


@pytest.mark.parametrize(
    "value",
    ["x" * 10**6, b"\x00" * 10**6, [1] * 10**6, {str(k): k for k in range(10**5)}, 10**5000, [["y" * 300]] * 9],
    ids=["text", "bytes", "list", "mapping", "integer", "nested"],
)
def test_what_was_seen_is_cut(value):
    assert 3 < len(seen(value)) <= 200
    assert len(seen(value, 50)) <= 50


def test_a_short_value_is_shown_whole():
    assert seen("5 mm") == "'5 mm'"
    assert seen({"normal": ["1 m", 2]}) == "{'normal': ['1 m', 2]}"
    assert seen(None) == "None" and seen(1.5) == "1.5"
    assert seen("y" * 198) == repr("y" * 198)
    assert seen("y" * 199).endswith("…") and "y" * 100 in seen("y" * 199)


@pytest.mark.parametrize("value", ["\x1b[2J", "a\nb", "\u202eright to left", "\ud800", "\x9b31m"], ids=ascii)
def test_nothing_seen_drives_the_terminal(value):
    assert seen(value).isprintable() and seen([value]).isprintable() and seen({value: value}).isprintable()


def test_a_thing_without_a_repr_is_named():
    class Broken:
        def __repr__(self):
            raise RuntimeError("no")

    assert "Broken" in seen(Broken())


def test_a_long_word_suggests_nothing():
    assert suggest("mass" * 1000, ["mass"]) == ""
    assert suggest("mas", ["mass", "length"]) == " - did you mean 'mass'?"


def test_a_key_is_cut_and_plain():
    place = str(InputError("bad", file="a.yaml", line=3, key="k\x1b" + "e" * 10**6))
    assert place.startswith("a.yaml:3 [k\\x1bee") and len(place) < 230 and place.endswith("…]: bad")
