"""What a YAML file may be: bounds in size, depth, numbers and words, each refused with its line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from downrange.errors import InputError, NotFoundError
from downrange.formats.yaml_text import parse_yaml, read_yaml

_TEN = "[" + ", ".join(["*{}"] * 10) + "]"
_LAUGHS = "a0: &a0 [x]\n" + "".join(f"a{k}: &a{k} {_TEN.format(*[f'a{k - 1}'] * 10)}\n" for k in range(1, 10))


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a: 1\nb: " + "[" * 2000 + "]" * 2000, 2, "nested more than 40"),
        ("a: 1\nb: " + "[" * 200_000, 2, "nested more than 40"),
        ("a: 1\nb: " + "{a: " * 5000, 2, "nested more than 40"),
        ("".join(" " * k + "a:\n" for k in range(900)), 40, "nested more than 40"),
        (_LAUGHS, 5, "more than 20,000 keys and values"),
        ("a: &a [1]\nb: [" + "*a, " * 200 + "]", 2, "more than 100 aliases"),
        ("a: &a [1, *a]", 1, "inside what it names"),
        ("a: &a 1\nb: &a 2", 2, "anchor '&a' is there twice"),
        ("a: *nobody", 1, "cannot begin with"),
        ("".join(f"k{i}: 1\n" for i in range(30_000)), 10_000, "more than 20,000 keys"),
        ("a: 1\nb: '" + "x" * 30_000 + "'", 2, "a text of 30,000 characters"),
        ("a: 1\n" + "k" * 30_000 + ": 1", 2, "too long"),
        ("a: " + "1" * 5000, 1, "a number of 5,000"),
        ("a: 0x" + "1" * 5000, 1, "a number of 5,002"),
        ("a: 1." + "1" * 5000, 1, "a number of 5,002"),
        ("a: 1\nb: 2\na: 3", 3, "the key 'a' is there twice, first in line 1"),
        ("p:\n  - {b: 1,\n     b: 2}", 3, "the key 'b' is there twice, first in line 2"),
        ("a: 1\n? [b, c]\n: 2", 2, "a key must be a word"),
        ("a: 1\n*a : 2", 2, "key|alias"),
        ("a: 1\nb: !!python/object:os.system x", 2, "tags like"),
        ("a: 1\nb: !!binary =", 2, "tags like"),
        ("a: 1\nb: !mine 5 m", 2, "tags like"),
        ("%YAML 1.1\n---\na: 1:30", 2, "directives"),
        ("a: 1\n\tb: 2", 2, "a tab at the start"),
        ("a: 1\nb: [1, 2", 2, "is not closed"),
        ("a: b: c", 1, "two colons"),
        ("a: 1\n---\nb: 2", 2, "a second file"),
        ("a: \x00", None, "not valid YAML"),
        ("a: \x1b[2J", None, "not valid YAML"),
        ("- 1\n- 2", 1, "expected keys and values"),
        ("just words", 1, "expected keys and values"),
        ("", None, "expected keys and values"),
        ("5", 1, "expected keys and values"),
    ],
    ids=lambda value: ascii(value[:30]) if isinstance(value, str) else str(value),
)
def test_refuses_with_line_and_reason(text, line, says):
    with pytest.raises(InputError, match=says) as caught:
        parse_yaml(text, "x.yaml")
    assert caught.value.file == "x.yaml" and caught.value.line == line
    assert len(str(caught.value)) < 400 and str(caught.value).isprintable()


def test_a_file_may_not_be_long_or_something_else(tmp_path):
    long, binary = tmp_path / "long.yaml", tmp_path / "binary.yaml"
    long.write_text("a: 1\n" + "# comment\n" * 500_000)
    with pytest.raises(InputError, match="MB is too large"):
        read_yaml(long)
    with pytest.raises(InputError, match="characters are too long"):
        parse_yaml("a: 1\n" + "# comment\n" * 110_000, "x.yaml")
    binary.write_bytes(b"\xff\xfe\x00a")
    with pytest.raises(InputError, match="not a text file"):
        read_yaml(binary)
    with pytest.raises(NotFoundError, match="did you mean 'long.yaml'"):
        read_yaml(tmp_path / "lon.yaml")


def test_what_a_person_writes_is_read():
    data = parse_yaml(
        "\ufeffname: Genesis\n# why\nair: &day {wind: 5 m/s, hour: 2026-06-21T14:00}\nother: *day\nbad_day: 2026-13-45\n"
        "notes: |\n  two\n  lines\nlist:\n  - 1\n  - 2.5e3\n  - yes\n  - null\n  - 12:30\n".lstrip("\ufeff"),
        "x.yaml",
    )
    assert data["air"] == {"wind": "5 m/s", "hour": "2026-06-21T14:00"} and data["other"] == data["air"]
    assert data["bad_day"] == "2026-13-45"
    assert data["notes"] == "two\nlines\n"
    assert data["list"] == [1, 2500.0, "yes", None, "12:30"]
    assert data.lc.key("notes")[0] == 5


_PIECES = st.sampled_from([*"[]{}:,-?*&!|>%@`'\"# \n\ta1.", "a: ", "- ", "&a ", "*a", "<<: ", "!!int ", "\n  ", "---\n", "0x", "1e", "2026-01-", "\x07", "é"])  # fmt: skip


@settings(max_examples=400)
@given(st.lists(_PIECES, max_size=40).map("".join) | st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    try:
        data = parse_yaml(text, "x.yaml")
    except InputError as error:
        assert len(error.message) < 400 and error.message.isprintable()
    else:
        assert isinstance(data, dict)


def test_what_is_read_twice_belongs_to_each_reader():
    """A text that is read again is not read anew, but nobody sees what another has done to it; lines and shared values stay."""
    text = "a: {b: [1, 2]}\nc: &x {d: 3}\ne: *x\n"
    one = parse_yaml(text, "one.yaml")
    one["a"]["b"].append(3)
    one["c"]["d"] = 4
    again = parse_yaml(text, "two.yaml")
    assert again["a"]["b"] == [1, 2] and again["c"]["d"] == 3 and again["e"] is again["c"]
    assert again.lc.key("c")[0] == 1 and again["a"].lc.key("b") == one["a"].lc.key("b")
    for file in ("one.yaml", "two.yaml"):
        with pytest.raises(InputError) as info:
            parse_yaml("a: 1\na: 2\n", file)
        assert info.value.file == file and info.value.line == 2
