"""YAML 1.2 with bounds: project files, rule packs and club records come from strangers.

One pass through ruamel.yaml, whose composer is asked at every node whether the text is still one that a person would
write; so the work is proportional to the text, and stops where a bound is passed.
"""

from __future__ import annotations

import copy
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import AliasEvent, ScalarEvent
from ruamel.yaml.nodes import MappingNode, ScalarNode
from ruamel.yaml.parser import Parser
from ruamel.yaml.scanner import Scanner
from ruamel.yaml.tag import Tag

from downrange.errors import InputError, NotFoundError, seen, suggest
from downrange.formats.reading import guarded

__all__ = ["parse_yaml", "read_yaml"]

_SIZE = 500_000  # characters; the longest of our own has 12,000
_NODES = 20_000  # keys and values, each alias counted as all that it stands for
_KEPT = 50_000  # characters of a text that is kept for the next time
_DEPTH = 40
_ALIASES = 100
_SCALAR = 20_000  # characters of one text: notes
_DIGITS = 40  # of one number
_STRING = Tag(suffix="tag:yaml.org,2002:str")


class _Bounded(Composer):
    """ruamel.yaml's composer, which stops at the first thing that no project file has."""

    def __init__(self, loader: Any = None) -> None:
        super().__init__(loader=loader)
        self.nodes = 0
        self.aliases = 0
        self.sizes: dict[str, int] = {}
        self.lines: dict[int, dict[str, int]] = {}

    def compose_document(self) -> Any:
        """One document; a directive would change how its words are read."""
        event = self.parser.peek_event()
        if getattr(event, "version", None) or getattr(event, "tags", None):
            raise _refused("directives like %YAML are not used here: leave the line out", event)
        return super().compose_document()

    def compose_node(self, parent: Any, index: Any) -> Any:
        """One node with all that is in it."""
        event = self.parser.peek_event()
        before = self.nodes
        self._admit(event)
        if isinstance(parent, MappingNode) and index is None:
            self._admit_key(parent, event)
        node = super().compose_node(parent, index)
        if isinstance(event, AliasEvent):
            return node
        if event.anchor is not None:
            self.sizes[event.anchor] = self.nodes - before
        if isinstance(node, ScalarNode):
            self._admit_number(node, event)
        return node

    def _admit(self, event: Any) -> None:
        self.nodes += 1
        if isinstance(event, AliasEvent):
            self.aliases += 1
            if self.aliases > _ALIASES:
                raise _refused(f"more than {_ALIASES} aliases (*name)", event)
            if event.anchor in self.anchors and event.anchor not in self.sizes:
                raise _refused(f"the alias {seen('*' + event.anchor, 80)} stands inside what it names", event)
            self.nodes += self.sizes.get(event.anchor, 0)
        elif event.anchor is not None and event.anchor in self.anchors:
            raise _refused(f"the anchor {seen('&' + event.anchor, 80)} is there twice", event)
        elif event.ctag is not None:
            raise _refused(f"tags like {seen(str(event.ctag), 80)} are not used here: leave it out", event)
        if self.nodes > _NODES:
            raise _refused(f"more than {_NODES:,} keys and values, with what aliases repeat", event)
        if self.depth >= _DEPTH:
            raise _refused(f"nested more than {_DEPTH} deep", event)
        if isinstance(event, ScalarEvent) and len(event.value) > _SCALAR:
            raise _refused(f"a text of {len(event.value):,} characters (at most {_SCALAR:,})", event)

    def _admit_key(self, parent: Any, event: Any) -> None:
        if not isinstance(event, ScalarEvent):
            raise _refused("a key must be a word, like 'name:'", event)
        lines = self.lines.setdefault(id(parent), {})
        line = event.start_mark.line + 1
        if event.value in lines:
            raise _refused(
                f"the key {seen(event.value, 80)} is there twice, first in line {lines[event.value]}: leave one out",
                event,
            )
        lines[event.value] = line

    @staticmethod
    def _admit_number(node: Any, event: Any) -> None:
        kind = str(node.tag).rpartition(":")[2]
        if kind in ("int", "float") and len(node.value) > _DIGITS:
            raise _refused(f"a number of {len(node.value):,} characters (at most {_DIGITS})", event)
        if kind == "timestamp":  # a time is read by whoever needs one, as text
            node.ctag = _STRING


def _refused(message: str, event: Any) -> InputError:
    return InputError(message, line=event.start_mark.line + 1)


def parse_yaml(text: str, file: str) -> CommentedMap:
    """The keys and values of a YAML text, as ruamel.yaml's commented maps, which know their lines; the caller's own.

    Raises `InputError` with `file` and line for a text that is not YAML, passes a bound, or is not keys and values.
    """
    if len(text) > _SIZE:
        raise InputError(f"{len(text):,} characters are too long for this file (at most {_SIZE:,})", file=file)
    try:
        return copy.deepcopy(_parsed(text)) if len(text) <= _KEPT else _parsed.__wrapped__(text)
    except InputError as error:
        raise InputError(error.message, file=file, line=error.line) from None


@lru_cache(maxsize=16)
def _parsed(text: str) -> CommentedMap:
    """What a text says, found again where it is read again: reading takes ten times as long as copying what was read."""
    yaml = YAML(typ="rt")
    yaml.Scanner, yaml.Parser, yaml.Composer = Scanner, Parser, _Bounded  # without comments, which nobody reads
    try:
        data = yaml.load(text)
    except InputError:
        raise
    except YAMLError as error:
        from downrange.formats.yaml_words import explain

        message, line = explain(text, error)
        raise InputError(message, line=line) from None
    except Exception as error:  # whatever else the library throws is a text that it cannot read
        raise InputError(f"not valid YAML: {seen(str(error)).strip(chr(39))}") from None
    if not isinstance(data, CommentedMap):
        from downrange.formats.yaml_words import no_mapping

        message, line = no_mapping(text)
        raise InputError(message, line=line)
    return data


@guarded("a project file")
def read_yaml(path: Path) -> CommentedMap:
    """The keys and values of a YAML file; raises `InputError` as `parse_yaml` does, `NotFoundError` where there is none."""
    if not path.is_file():
        near = suggest(path.name, [p.name for p in path.parent.glob("*.y*ml")] if path.parent.is_dir() else [])
        hint = "" if near else " (downrange new NAME writes a starter)"
        raise NotFoundError(f"no such file{near}{hint}", file=str(path))
    if path.stat().st_size > 4 * _SIZE:
        raise InputError(
            f"{path.stat().st_size / 1e6:.1f} MB is too large for this file (at most {_SIZE / 1e6} MB)",
            file=str(path),
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("this is not a text file in UTF-8", file=str(path)) from None
    return parse_yaml(text, str(path))
