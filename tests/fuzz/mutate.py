"""Seeded mutations of small valid files: bytes, text with numbers in it, and JSON trees."""

from __future__ import annotations

import json
import re
from random import Random

__all__ = ["mutant"]

WORDS = (
    "nan", "inf", "-inf", "1e400", "-1e308", "1e-320", "99999999999999999999", "-1", "0", "1" * 5000, "1_0", "٣", "\u202e\U0001f600", "\x1b[31m",
    "", " " * 20_000, "x" * 100_000, "${x}", "../../../../etc/passwd", "[red]", "<script>alert(1)</script>", "None", "true", "0x1F", "5 m**9**9**9**9",
    "5 m" + " " * 20_000 + "x", "1/0", "12.3 ± 1e999 m", "± ± ±", "\t", "5 %", "2026-13-45T99:99",
)  # fmt: skip
DEEP = ("[" * 3000, "{" * 500, "(" * 3000, "<a>" * 3000, '{"a":' * 2000, "&a " * 200)
_NUMBER = re.compile(rb"[-+]?\d+\.?\d*(?:e[-+]?\d+)?")


def mutant(kind: str, sample: bytes, seed: str) -> tuple[bytes, str]:
    """One mutant of `sample` and what was done to it; the same for the same seed, on every machine."""
    r = Random(seed)
    ways = {"binary": (_bits, _cut, _insert), "text": (_number, _number, _line, _bits, _cut, _insert, _value),
            "json": (_tree, _tree, _tree, _number, _bits, _cut)}[kind]  # fmt: skip
    what = []
    for _ in range(r.choice((1, 1, 1, 2, 3))):
        way = r.choice(ways)
        sample, said = way(r, sample)
        what.append(said)
    return sample, "; ".join(what)


def _bits(r: Random, b: bytes) -> tuple[bytes, str]:
    out = bytearray(b)
    for _ in range(r.choice((1, 1, 4, 32))):
        if out:
            out[r.randrange(len(out))] ^= 1 << r.randrange(8)
    return bytes(out), "bits"


def _cut(r: Random, b: bytes) -> tuple[bytes, str]:
    i = r.randrange(len(b) + 1)
    j = len(b) if r.random() < 0.3 else min(len(b), i + r.choice((1, 2, 8, 64, 512)))
    return b[:i] + b[j:], f"cut {i}:{j}"


def _insert(r: Random, b: bytes) -> tuple[bytes, str]:
    i = r.randrange(len(b) + 1)
    new = r.choice((r.randbytes(r.choice((1, 4, 64))), b[i : i + 64], r.choice(DEEP).encode(), b"\0" * 8, b"\xff\xfe"))
    return b[:i] + new + b[i:], f"insert at {i}"


def _number(r: Random, b: bytes) -> tuple[bytes, str]:
    found = list(_NUMBER.finditer(b))
    if not found:
        return _bits(r, b)
    m, word = r.choice(found), r.choice(WORDS)
    return b[: m.start()] + word.encode() + b[m.end() :], f"number {m.group()[:20]!r} -> {word[:20]!r}"


def _line(r: Random, b: bytes) -> tuple[bytes, str]:
    lines = b.split(b"\n")
    i, way = r.randrange(len(lines)), r.choice(("delete", "double", "swap", "thousand"))
    if way == "delete":
        del lines[i]
    elif way == "double":
        lines.insert(i, lines[i])
    elif way == "thousand":
        lines[i:i] = [lines[i]] * 1000
    else:
        j = r.randrange(len(lines))
        lines[i], lines[j] = lines[j], lines[i]
    return b"\n".join(lines), f"{way} line {i + 1}"


def _value(r: Random, b: bytes) -> tuple[bytes, str]:
    """What follows a colon or a comma."""
    found = list(re.finditer(rb"(?<=[:,])[^:,\n{}\[\]]*", b))
    if not found:
        return _line(r, b)
    m, word = r.choice(found), r.choice((*WORDS, *DEEP))
    return b[: m.start()] + b" " + word.encode() + b[m.end() :], f"value {m.group()[:20]!r} -> {word[:20]!r}"


def _tree(r: Random, b: bytes) -> tuple[bytes, str]:
    try:
        data = json.loads(b)
    except (ValueError, RecursionError):
        return _bits(r, b)
    places: list[tuple[object, object]] = []
    stack = [data]
    while stack:
        node = stack.pop()
        keys = list(node) if isinstance(node, dict) else list(range(len(node))) if isinstance(node, list) else []
        for k in keys:
            places.append((node, k))
            stack.append(node[k])
    if not places:
        return _bits(r, b)
    node, k = r.choice(places)
    if r.random() < 0.2:
        del node[k]
        return json.dumps(data).encode(), f"delete {k!r}"
    new = r.choice(
        (None, True, [], {}, [None], "", 0, -1, 1e308, 2**70, float("nan"), float("inf"), [[[[1]]]], data, *WORDS)
    )
    if new is data:
        new = json.loads(b)
    node[k] = new
    return json.dumps(data).encode(), f"{k!r} = {str(new)[:20]!r}"
