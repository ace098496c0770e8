"""Changes to a YAML text that leave the rest of it as somebody wrote it: comments, order, blank lines, quotes, units.

Each takes a text and the way to a place in it (keys of mappings, numbers of list items), and returns the new text. What was
meant is also done to the values that the text stands for; a text that does not say exactly that afterwards is never
returned: `InputError` says to edit the file by hand.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from downrange.errors import InputError, seen
from downrange.formats.yaml_text import parse_yaml

__all__ = ["Way", "insert_item", "move_item", "plain_values", "remove", "set_value", "value_at"]

Way = Sequence[str | int]
"""The way to a place: `("parts", 1, "length")`."""

_PLAIN = re.compile(r"[A-Za-z0-9µ°.+][\w .,+\-±/%²³·°µ()\[\]^*]*")
_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "~", ""}


def plain_values(data: Any) -> Any:
    """What a text of YAML says as plain dictionaries, lists and scalars."""
    if isinstance(data, Mapping):
        return {str(k): plain_values(v) for k, v in data.items()}
    if isinstance(data, Sequence) and not isinstance(data, str | bytes):
        return [plain_values(v) for v in data]
    if isinstance(data, bool) or data is None:
        return data
    return int(data) if isinstance(data, int) else float(data) if isinstance(data, float) else str(data)


def value_at(data: Any, way: Way) -> Any:
    """The value at a place. Raises `InputError` where there is none."""
    with _there(way):
        for step in way:
            data = data[step]
    return data


def set_value(text: str, way: Way, value: Any) -> str:
    """The text with another value (a scalar, or plain lists and mappings) at a place, made where it is not there.

    way: ends in a key of a mapping, or in the number of a list item.
    """
    meant = _values(text)
    with _there(way):
        value_at(meant, way[:-1])[way[-1]] = value
    root = _tree(text)
    parent = _node(root, way[:-1])
    child = _child(parent, way[-1])
    if child is None:
        return _checked(_with_key(text, parent, str(way[-1]), value), meant)
    return _checked(_replaced(text, parent, child, value), meant)


def remove(text: str, way: Way) -> str:
    """The text without a key with its value, or without an item of a list."""
    meant = _values(text)
    with _there(way):
        del value_at(meant, way[:-1])[way[-1]]
    parent = _node(_tree(text), way[:-1])
    if isinstance(parent, SequenceNode):
        if parent.flow_style:
            return _checked(_replaced(text, None, parent, value_at(meant, way[:-1])), meant)
        return _checked(_items_changed(text, parent, lambda items: items.pop(int(way[-1]))), meant)
    return _checked(_without_key(text, parent, str(way[-1])), meant)


def insert_item(text: str, way: Way, index: int, value: Any) -> str:
    """The text with a new item before the one that is now `index` of the list at `way`; made where there is no list yet.

    Raises `InputError` for something at `way` that is not a list.
    """
    meant = _values(text)
    holder = value_at(meant, way[:-1])
    with _there(way):
        if not (holder.get(way[-1]) if isinstance(holder, dict) else holder[way[-1]]):
            return set_value(text, way, [value])
        value_at(meant, way).insert(index, value)
    seq = _node(_tree(text), way)
    if not isinstance(seq, SequenceNode):
        raise InputError(f"{seen('.'.join(map(str, way)), 80)} is not a list")
    if seq.flow_style:
        return _checked(_replaced(text, None, seq, value_at(meant, way)), meant)
    indent = seq.start_mark.column
    new = "".join(f"{line}\n" for line in _block_item(value, indent))
    return _checked(_items_changed(text, seq, lambda items: items.insert(index, new)), meant)


def move_item(text: str, way: Way, start: int, to: int) -> str:
    """The text with an item of the list at `way` at another place in it."""
    meant = _values(text)
    items = value_at(meant, way)
    with _there((*way, start)):
        items.insert(to, items.pop(start))
    seq = _node(_tree(text), way)
    if seq.flow_style:
        return _checked(_replaced(text, None, seq, items), meant)
    return _checked(_items_changed(text, seq, lambda pieces: pieces.insert(to, pieces.pop(start))), meant)


@contextmanager
def _there(way: Way) -> Iterator[None]:
    """What is not there is said."""
    try:
        yield
    except (LookupError, TypeError, AttributeError):
        raise InputError(f"there is no {seen('.'.join(map(str, way)), 120)} here") from None


def _values(text: str) -> Any:
    return copy.deepcopy(plain_values(parse_yaml(text, "the file")))


def _tree(text: str) -> Node:
    node: Node = YAML(typ="rt").compose(text)
    return node


def _checked(text: str, meant: Any) -> str:
    """`text` if it says what is meant."""
    try:
        said = _values(text)
    except InputError:
        said = None
    if said != meant:
        raise InputError("this place cannot be changed from here without changing more: edit it in the file itself")
    return text


def _node(node: Any, way: Way) -> Any:
    for step in way:
        node = _child(node, step)
        if node is None:
            raise InputError(f"there is no {seen('.'.join(map(str, way)), 120)} here")
    return node


def _child(node: Any, step: str | int) -> Any:
    if isinstance(node, MappingNode):
        return next((v for k, v in node.value if k.value == str(step)), None)
    if isinstance(node, SequenceNode) and isinstance(step, int) and 0 <= step < len(node.value):
        return node.value[step]
    return None


def _end(node: Any) -> int:
    """Where the last character of a node's own text stands, without the comments that follow."""
    if isinstance(node, ScalarNode) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(last[1] if isinstance(node, MappingNode) else last)


def _line_end(text: str, at: int) -> int:
    """The end of the line that holds a place, behind its line break; a block text ends behind it already."""
    if at > 0 and text[at - 1] == "\n":
        return at
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _closed(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"


def _replaced(text: str, parent: Any, node: Any, value: Any) -> str:
    """The text with another value for a node."""
    start, end = int(node.start_mark.index), _end(node)
    block = isinstance(node, MappingNode | SequenceNode) and not node.flow_style
    if isinstance(node, ScalarNode) and start == end:  # nothing stood there
        return _behind_its_key(text, parent, node, flow(value))
    if isinstance(node, ScalarNode) and node.style in ("|", ">"):
        return f"{text[:start]}{flow(value)}\n{text[end:]}"
    if not block:
        return text[:start] + flow(value) + text[end:]
    head = text[:start].rstrip(" -\n") if not isinstance(parent, SequenceNode) else text[:start].rstrip(" ")
    return f"{head} {flow(value)}{text[end:]}"


def _behind_its_key(text: str, parent: Any, node: Any, words: str) -> str:
    """The text with words where a key or the dash of a list has nothing behind it."""
    if isinstance(parent, MappingNode):
        key = next(k for k, v in parent.value if v is node)
        at = text.index(":", int(key.end_mark.index)) + 1
    else:
        at = text.rindex("-", 0, int(node.start_mark.index) + 1) + 1
    return f"{text[:at]} {words}{text[at:]}"


def _with_key(text: str, node: Any, key: str, value: Any) -> str:
    """The text with a new key at the end of a mapping."""
    if not isinstance(node, MappingNode):
        raise InputError(f"keys cannot be added here: {seen(key, 60)}")
    if node.flow_style:
        at = text.rindex("}", 0, int(node.end_mark.index))
        head = text[:at].rstrip()
        return f"{head}{', ' if node.value else ''}{flow(key)}: {flow(value)}{text[at:]}"
    text = _closed(text)
    at = _line_end(text, _end(node))
    indent = int(node.value[0][0].start_mark.column)
    lines = _block_entry(key, value, indent)
    return text[:at] + "".join(f"{line}\n" for line in lines) + text[at:]


def _without_key(text: str, node: Any, key: str) -> str:
    """The text without a key and its value."""
    place = next(i for i, (k, _) in enumerate(node.value) if k.value == key)
    own, value = node.value[place]
    if len(node.value) == 1:
        return _replaced(text, None, node, {}) if not node.flow_style else _emptied(text, node)
    start, end = int(own.start_mark.index), _end(value)
    if node.flow_style:
        if place + 1 < len(node.value):
            return text[:start] + text[int(node.value[place + 1][0].start_mark.index) :]
        return text[: _end(node.value[place - 1][1])] + text[end:]
    line = _line_start(text, start)
    if text[line:start].strip():  # behind the dash of a list: the next key takes its place
        return text[:start] + text[int(node.value[place + 1][0].start_mark.index) :]
    return text[:line] + text[_line_end(text, end) :]


def _emptied(text: str, node: Any) -> str:
    return f"{text[: int(node.start_mark.index)]}{{}}{text[int(node.end_mark.index) :]}"


def _items_changed(text: str, node: Any, change: Any) -> str:
    """The text with the pieces of a list (each an item with the comments above it) changed as a list of texts."""
    text = _closed(text)
    starts = []
    for k, item in enumerate(node.value):
        line = _line_start(text, int(item.start_mark.index))
        if not text[line:].lstrip(" ").startswith("-"):
            raise InputError("a list that is written like this is changed in the file itself")
        if k:
            before = _line_end(text, _end(node.value[k - 1]))
            while line > before and (text[_line_start(text, line - 1) : line].strip()[:1] in ("", "#")):
                line = _line_start(text, line - 1)
        starts.append(line)
    end = _line_end(text, _end(node.value[-1]))
    pieces = [text[a:b] for a, b in zip(starts, [*starts[1:], end], strict=True)]
    change(pieces)
    if not pieces:
        return _replaced(text, None, node, [])
    return text[: starts[0]] + "".join(pieces) + text[end:]


def flow(value: Any) -> str:
    """A value on one line: scalars plain where YAML reads them back alike, else in double quotes."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{flow(str(k))}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, int | float):
        return repr(value)
    words = str(value)
    if _PLAIN.fullmatch(words) and words.lower() not in _WORDS and words == words.strip() and _reads_alike(words):
        return words
    return json.dumps(words, ensure_ascii=False)


def _reads_alike(words: str) -> bool:
    """Whether a plain scalar is read as this very text, in a flow mapping too."""
    if any(c in words for c in ",[]"):
        return False
    try:
        return bool(plain_values(parse_yaml(f"k: {words}", "k"))["k"] == words)
    except (InputError, KeyError):
        return False


def _block_entry(key: str, value: Any, indent: int) -> list[str]:
    """The lines of a key with its value in block style."""
    pad = " " * indent
    if isinstance(value, Mapping) and value:
        inner = [line for k, v in value.items() for line in _block_entry(str(k), v, indent + 2)]
        return [f"{pad}{flow(key)}:", *inner]
    if isinstance(value, list | tuple) and any(isinstance(v, Mapping) for v in value):
        return [f"{pad}{flow(key)}:", *(line for v in value for line in _block_item(v, indent + 2))]
    return [f"{pad}{flow(key)}: {flow(value)}"]


def _block_item(value: Any, indent: int) -> list[str]:
    """The lines of a list's item in block style."""
    if not (isinstance(value, Mapping) and value):
        return [f"{' ' * indent}- {flow(value)}"]
    lines = [line for k, v in value.items() for line in _block_entry(str(k), v, indent + 2)]
    return [f"{' ' * indent}- {lines[0][indent + 2 :]}", *lines[1:]]
