"""Changes to a text of YAML: what was meant is said, and every other character stands as it stood."""

import difflib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from downrange.errors import InputError
from downrange.formats.yaml_edit import flow, insert_item, move_item, plain_values, remove, set_value
from downrange.formats.yaml_text import parse_yaml

TEXT = """\
# A rocket.
name: First   # the name

parts:
  # the nose
  - type: nose cone
    length: 70 mm      # measured
    tip: {radius: 1 mm, shape: "round"}
  # the tube
  - type: body tube
    length: 200 mm
    parts:
      - type: mass
        mass: 5 g

      # the fins
      - type: fins
        span: 50 mm ± 1 mm   # by hand
    # behind the fins
tags: [a, b]
empty: []
notes: |
  Two lines
  of text.
last:
"""


def lines(before, after):
    """The lines that went and that came."""
    changed = [d for d in difflib.ndiff(before.splitlines(), after.splitlines()) if d[:2] in ("- ", "+ ")]
    return [d[2:] for d in changed if d[0] == "-"], [d[2:] for d in changed if d[0] == "+"]


@pytest.mark.parametrize(
    "change, gone, come",
    [
        (lambda t: set_value(t, ("parts", 0, "length"), "80 mm"), ["    length: 70 mm      # measured"], ["    length: 80 mm      # measured"]),
        (lambda t: set_value(t, ("parts", 0, "tip", "radius"), "2 mm"), ['    tip: {radius: 1 mm, shape: "round"}'], ['    tip: {radius: 2 mm, shape: "round"}']),
        (lambda t: set_value(t, ("parts", 1, "parts", 1, "cant"), "1 deg"), [], ["        cant: 1 deg"]),
        (lambda t: set_value(t, ("tags", 1), "c: d"), ["tags: [a, b]"], ['tags: [a, "c: d"]']),
        (lambda t: set_value(t, ("last",), 3), ["last:"], ["last: 3"]),
        (lambda t: set_value(t, ("notes",), "one"), ["notes: |", "  Two lines", "  of text."], ["notes: one"]),
        (lambda t: set_value(t, ("rail",), {"length": "2 m"}), [], ["rail:", "  length: 2 m"]),
        (lambda t: remove(t, ("parts", 0)), ["  # the nose", "  - type: nose cone", "    length: 70 mm      # measured", '    tip: {radius: 1 mm, shape: "round"}'], ["  # the nose"]),
        (lambda t: remove(t, ("parts", 0, "length")), ["    length: 70 mm      # measured"], []),
        (lambda t: remove(t, ("parts", 0, "tip", "radius")), ['    tip: {radius: 1 mm, shape: "round"}'], ['    tip: {shape: "round"}']),
        (lambda t: insert_item(t, ("tags",), 1, "x"), ["tags: [a, b]"], ["tags: [a, x, b]"]),
        (lambda t: insert_item(t, ("empty",), 0, {"a": 1}), ["empty: []"], ["empty: [{a: 1}]"]),
        (lambda t: insert_item(t, ("parts", 1, "parts"), 2, {"type": "mass", "at": {"x": 1}}), [], ["      - type: mass", "        at:", "          x: 1"]),
    ],
)  # fmt: skip
def test_only_what_is_changed_is_changed(change, gone, come):
    before, after = lines(TEXT, change(TEXT))
    assert [x for x in before if x not in come] == [x for x in gone if x not in come]
    assert [x for x in after if x not in gone] == [x for x in come if x not in gone]


def test_a_part_that_moves_takes_the_comment_above_it_along():
    moved = move_item(TEXT, ("parts", 1, "parts"), 1, 0)
    assert moved.index("# the fins") < moved.index("type: fins") < moved.index("type: mass")
    assert sorted(moved.splitlines()) == sorted(TEXT.splitlines())


def test_the_last_part_leaves_an_empty_list():
    one = "parts:\n  - a: 1\nnext: 2\n"
    assert plain_values(parse_yaml(remove(one, ("parts", 0)), "x")) == {"parts": [], "next": 2}


def test_what_cannot_be_changed_alone_is_refused():
    with pytest.raises(InputError, match="edit it in the file"):  # an alias stands for what is said elsewhere too
        set_value("a: &x {k: 1}\nb: *x\n", ("b", "k"), 2)
    with pytest.raises(InputError, match="there is no"):
        set_value(TEXT, ("parts", 7, "length"), "1 m")


@pytest.mark.parametrize(
    "words", ["a: b", "# no", "- x", "true", "null", "1e5", "3", "", " x", "x ", "[a", "{a", "é", "\t", "a\nb", "'q'", '"q"', "no", "2023-01-01", "*a", "&a", "!t", "%d", "@x", "`x", "0x1F", "1:30", "50 mm ± 1 mm", "x #y", "<script>"]
)  # fmt: skip
def test_any_words_are_read_back_as_they_were(words):
    for text in (f"k: {flow(words)}\n", f"k: {{v: {flow(words)}}}\n"):
        said = plain_values(parse_yaml(text, "x"))["k"]
        assert (said["v"] if isinstance(said, dict) else said) == words


leaf = st.one_of(st.integers(-999, 999), st.booleans(), st.none(), st.text("ab :#-[]{}'\"±µ\n,&*!%", max_size=8))
tree = st.recursive(
    leaf,
    lambda x: st.lists(x, max_size=3) | st.dictionaries(st.text("abc", min_size=1, max_size=3), x, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(
        [
            ("name",),
            ("parts", 0, "length"),
            ("parts", 1, "parts"),
            ("parts", 0, "tip", "new"),
            ("tags", 0),
            ("new",),
            ("last",),
        ]
    ),
    tree,
)
def test_whatever_is_set_is_what_the_text_says_or_nothing_is_done(way, value):
    try:
        said = plain_values(parse_yaml(set_value(TEXT, way, value), "x"))
    except InputError:
        return
    for step in way:
        said = said[step]
    assert said == value
