"""What is wrong with a YAML text, in the words of somebody who never heard of YAML, with the line.

The library's own words ("expected <block end>, but found '<block mapping start>'") say where it stopped, which is the line of the mistake or
one after it. What people do wrong is looked for there: tabs, a colon without a space, indentation, half a comment taken away, quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ruamel.yaml.error import MarkedYAMLError, YAMLError

from downrange.errors import seen

__all__ = ["explain", "key_words", "no_mapping"]

_KEY = re.compile(r"(?P<indent> *)(?P<dash>(?:- +)*)(?P<key>[A-Za-z_][\w -]*?) *:(?P<value>(?:[ \t].*)?)")
_GLUED = re.compile(r" *(?:- +)*(?P<key>[A-Za-z_][\w-]*):(?P<value>[^\s:/\\].*)")
_BARE = re.compile(r" *(?:- +)*(?P<key>[A-Za-z_]\w*) *")
_OFF = re.compile(r" *#+ *(?P<key>[A-Za-z_][\w ]*?):(?: |$)")
_LONG = 300  # characters of a line that are looked at
_LOOK_BACK = 3  # lines with content before the one where the library stopped


@dataclass(frozen=True)
class _Text:
    """The lines of a text, and where the library stopped (from 0)."""

    lines: list[str]
    at: int
    problem: str
    began: int | None

    def before(self, line: int) -> int | None:
        """The last line with content (no comment) above `line`."""
        return next((k for k in range(line - 1, -1, -1) if self.content(k)), None)

    def content(self, line: int) -> bool:
        """Whether a line is more than a comment."""
        return bool(self.lines[line].strip()) and not self.lines[line].lstrip().startswith("#")

    def near(self) -> Iterator[int]:
        """The line where the library stopped, and those with content before it."""
        line: int | None = self.at
        for _ in range(_LOOK_BACK):
            if line is None:
                return
            yield line
            line = self.before(line)


def explain(text: str, error: YAMLError) -> tuple[str, int | None]:
    """What is wrong, and its line (from 1; None where the library says none)."""
    problem, mark, context = (str(error).splitlines() or ["?"])[0], None, None
    if isinstance(error, MarkedYAMLError):
        problem, mark, context = str(error.problem or problem), error.problem_mark, error.context_mark
    lines = [line[:_LONG] for line in re.split(r"\r\n|\r|\n", text)]  # what YAML takes for the end of a line
    if mark is None or not lines:
        return f"not valid YAML: {seen(problem).strip(chr(39))}", None
    t = _Text(lines, min(mark.line, len(lines) - 1), str(problem), None if context is None else context.line)
    for look in (_tab, _glued, _half_comment, _no_colon, _flow, _quotes, _sign, _two_colons, _indent, _mixed, _other):
        if (found := look(t)) is not None:
            words, line = found
            return f"{words}; the line is {seen(lines[line], 100)}", line + 1
    return f"not valid YAML: {seen(problem).strip(chr(39))}; the line is {seen(lines[t.at], 100)}", t.at + 1


def no_mapping(text: str) -> tuple[str, int | None]:
    """Why a text is not keys and values, and the line."""
    example = "expected keys and values, like 'name: Genesis'"
    lines = [
        (k, line)
        for k, line in enumerate(t[:_LONG] for t in text.splitlines()[:1000])
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if not lines:
        return f"{example}; nothing is written here", None
    k, line = lines[0]
    if m := _GLUED.fullmatch(line):
        return _space(m), k + 1
    if "=" in line:
        return f"{example}: a colon and a space where you wrote '='; the line is {seen(line, 100)}", k + 1
    return f"{example}; seen {seen(line, 100)}", k + 1


def key_words(key: str) -> str:
    """A hint for a key that is none because a space is missing; empty where that is not it."""
    if m := _GLUED.fullmatch(key[:_LONG]):
        return f": {_space(m)}"
    return f": a space is missing after the dash, write '- {key[1:]}:'" if re.fullmatch(r"-[A-Za-z]\w*", key) else ""


def _space(m: re.Match[str]) -> str:
    return f"a space is missing after the colon, write {seen(m['key'] + ': ' + m['value'], 100)}"


def _tab(t: _Text) -> tuple[str, int] | None:
    for line in t.near():
        if re.match(r" *\t", t.lines[line]):
            return "a tab at the start of the line: put spaces in its place, two for each step to the right", line
    if "\\t" in t.problem:
        return "a tab after the key: put a space in its place", t.at
    return None


def _glued(t: _Text) -> tuple[str, int] | None:
    for line in t.near():
        if t.content(line) and (m := _GLUED.fullmatch(t.lines[line])):
            return _space(m), line
    return None


def _half_comment(t: _Text) -> tuple[str, int] | None:
    """A block of which some lines have lost their # and the one that it hangs on has not."""
    m = _KEY.fullmatch(t.lines[t.at])
    above = t.before(t.at)
    if m is None or t.at == 0:
        return None
    shallow = -1 if above is None else len(t.lines[above]) - len(t.lines[above].lstrip())
    for line in range(t.at - 1, -1 if above is None else above, -1):
        if (off := _OFF.match(t.lines[line])) and len(m["indent"]) > shallow:
            return (
                f"{m['key']!r} is indented as if it belonged to '{off['key']}:', which is still a comment (line {line + 1}): take "
                "the # away there too, or put one here"
            ), t.at
    return None


def _no_colon(t: _Text) -> tuple[str, int] | None:
    if "could not find expected ':'" in t.problem:
        for line in t.near():
            if len(t.lines[line]) == _LONG:
                return "a line too long to be a key", line
            if t.content(line) and (m := _BARE.fullmatch(t.lines[line])):
                return f"{m['key']!r} has no colon: write '{m['key']}:'", line
        at = t.at if t.content(t.at) else t.before(t.at) or 0
        return "a key without a colon: write it like 'name: Genesis'", at
    return None


def _flow(t: _Text) -> tuple[str, int] | None:
    if m := re.search(r"expected ',' or '([\]}])'", t.problem):
        opening = {"]": "[", "}": "{"}[m[1]]
        line = t.at if t.began is None else min(t.began, len(t.lines) - 1)
        return (
            f"the '{opening}' that opens here is not closed with '{m[1]}', or a comma is missing between two values",
            line,
        )
    if m := re.search(r"found '([\]}])'", t.problem):
        return f"a '{m[1]}' too many", t.at
    return None


def _quotes(t: _Text) -> tuple[str, int] | None:
    if "unexpected end of stream" in t.problem and t.began is not None:
        return "a quotation mark that opens here is not closed", min(t.began, len(t.lines) - 1)
    if "found '<scalar>'" in t.problem and re.search(r"['\"]", t.lines[t.at]):
        return (
            'text after the closing quotation mark; where the mark is part of the text, use the other kind around it: "it\'s"',
            t.at,
        )
    return None


def _sign(t: _Text) -> tuple[str, int] | None:
    if m := re.search(r"found character '(.)' that cannot start", t.problem):
        return f"a value cannot begin with {m[1]}: put it between quotation marks", t.at
    if "undefined alias" in t.problem or "expected alphabetic or numeric" in t.problem:
        return "a value cannot begin with * or &: put it between quotation marks", t.at
    return None


def _two_colons(t: _Text) -> tuple[str, int] | None:
    m = _KEY.fullmatch(t.lines[t.at])
    if "mapping values" in t.problem and m and re.search(r": ", m["value"]):
        return f'two colons in one line: put the text between quotation marks, like {m["key"]}: "a: b"', t.at
    return None


def _indent(t: _Text) -> tuple[str, int] | None:
    m, above = _KEY.fullmatch(t.lines[t.at]), t.before(t.at)
    up = None if above is None else _KEY.fullmatch(t.lines[above])
    if m is None or up is None or above is None:
        return None
    here, there = len(m["indent"]), len(up["indent"]) + len(up["dash"])
    if "mapping values" in t.problem and here > there:
        return (
            f"{m['key']!r} is indented further than {up['key']!r} above it, which has a value of its own: it should begin under it, "
            f"{f'after {there}' if there else 'without'} space{'s' * (there != 1)}"
        ), t.at
    if "<block mapping start>" in t.problem or "<block end>" in t.problem:
        return (
            f"{m['key']!r} is indented by {here} space{'s' * (here != 1)}, which fits none of the lines above ({up['key']!r} has {there}): keys that "
            "belong together begin under each other"
        ), t.at
    return None


def _mixed(t: _Text) -> tuple[str, int] | None:
    if "found '-'" in t.problem:
        return "a list item ('- ') among keys: items stand under a key of their own, like 'parts:'", t.at
    if "found '?'" in t.problem:
        return "a key among list items: indent it further, or put '- ' before it", t.at
    return None


def _other(t: _Text) -> tuple[str, int] | None:
    if "another document" in t.problem:
        return "a line of --- begins a second file here: leave it out", t.at
    return None
