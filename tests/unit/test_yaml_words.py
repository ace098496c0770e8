"""What a beginner does to a YAML file, and what is said: the line of the mistake, the words, the line as it stands."""

import pytest

from downrange.errors import InputError
from downrange.formats.yaml_text import parse_yaml

STARTER = "name: The field\nelevation: 450 m\n\n"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a: 1\n\tb: 2\n", 2, r"a tab at the start.*the line is '\\tb: 2'"),
        ("rail:\n  length: 1 m\n  \televation: 3\n", 3, "a tab at the start"),
        ("a: 1\nb:\t2\n", 2, "a tab after the key"),
        ("rocket: y\nname:x\nsite: z\n", 2, "a space is missing after the colon, write 'name: x'"),
        ("name:x\n", 1, "a space is missing after the colon, write 'name: x'"),
        ("rail:\n  length:1 m\n  elevation: 3\n", 2, "write 'length: 1 m'; the line is '  length:1 m'"),
        ("parts:\n  - type: x\n    length: 2\n  - type:y\n    length: 3\n", 4, "write 'type: y'"),
        ("rail:\n  length: 1 m\n elevation: 88 deg\n", 3, r"'elevation' is indented by 1 space, .*\('length' has 2\)"),
        ("rail:\n  length: 1 m\n   elevation: 88 deg\n", 3, "indented further than 'length'.*after 2 spaces"),
        ("name: x\n  shapes: 3\n", 2, "indented further than 'name' above it.*without spaces"),
        ("parts:\n  - type: x\n   length: 3\n", 3, r"'length' is indented by 3 spaces.*\('type' has 4\)"),
        (
            STARTER + "# ground:\n  shapes:\n    - {name: f}\n",
            5,
            r"belonged to 'ground:', which is still a comment \(line 4\)",
        ),
        (STARTER + "# ground:\n   shapes:\n#     - {name: f}\n", 5, "'ground:', which is still a comment"),
        (
            "name: x\n# measured:\n  mass: 34 g\n  cg: 3\nparts: 1\n",
            3,
            r"'mass'.*'measured:', which is still a comment \(line 2\)",
        ),
        ("name: x\nrail\n  length: 1\n", 2, "'rail' has no colon: write 'rail:'"),
        ('name: "abc\nrocket: x\n', 1, "quotation mark that opens here is not closed"),
        ("name: 'it's'\n", 1, "text after the closing quotation mark"),
        ("wind: {speed: 3 m/s, from: 2 deg\nrail: 3\n", 1, "the '{' that opens here is not closed"),
        ("a: [1, 2]]\n", 1, "a ']' too many"),
        ("name: x\nnotes: it said: no\n", 2, "two colons in one line"),
        ("name: @x\n", 1, "cannot begin with @"),
        ("name: *x\n", 1, r"cannot begin with \*"),
        ("name: x\n- a\n", 2, "a list item"),
        ("name: x\n---\nname: y\n", 2, "a second file"),
        ("name = x\n", 1, "a colon and a space where you wrote '='"),
        ("", None, "nothing is written here"),
    ],
)
def test_a_mistake_in_yaml_is_said_in_plain_words_with_its_line(text, line, says):
    with pytest.raises(InputError, match=says) as stop:
        parse_yaml(text, "f.yaml")
    assert stop.value.line == line
    assert "block mapping" not in stop.value.message and "not valid YAML" not in stop.value.message


def test_words_stay_short_and_quick_on_lines_without_end():
    for text in (
        "a" * 200_000 + ": b: c\n",
        "name: x\n" + "a " * 100_000 + "\n  b: 1\n",
        ("x" + " " * 90_000 + "\n") * 3 + "a: b: c\n",
    ):
        with pytest.raises(InputError) as stop:
            parse_yaml(text, "f.yaml")
        assert len(stop.value.message) < 600
