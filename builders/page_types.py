"""Write the types of the studio's page, `web/src/core/messages.ts`, from the server's (`downrange.console.heads`, `messages`): python builders/page_types.py"""

from __future__ import annotations

import json
import types
import typing
from pathlib import Path
from typing import Any

from downrange.console import heads, messages

PAGE = Path(__file__).resolve().parent.parent / "web" / "src" / "core" / "messages.ts"
COMMAND = "python builders/page_types.py"
_PLAIN = {str: "string", int: "number", float: "number", bool: "boolean", type(None): "null", Any: "unknown"}
_ALL = {**vars(heads), **vars(messages)}
_VALUE = "string | number | boolean | null | Value[] | { [key: string]: Value }"


def _named() -> dict[str, Any]:
    """The aliases of the schema by name, in its order."""
    made = (types.GenericAlias, types.UnionType, type(typing.Literal[""]))
    return {k: v for k, v in _ALL.items() if isinstance(v, made) and not k.startswith("_")}


def _said(hint: Any, alias: bool = True) -> str:
    """A type as TypeScript writes it, by its name where it has one (`alias`)."""
    if hint is messages.Value:
        return "Value"
    for name, named in _named().items() if alias else ():
        if hint == named:
            return name
    if typing.is_typeddict(hint):
        return str(hint.__name__)
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal:
        return " | ".join(json.dumps(a) for a in inner)
    if origin in (types.UnionType, typing.Union):
        return " | ".join(dict.fromkeys(_said(a) for a in inner))
    if origin is list:
        one = _said(inner[0])
        return f"({one})[]" if " | " in one else f"{one}[]"
    if origin is tuple:
        return f"[{', '.join(_said(a) for a in inner)}]"
    if origin is dict:
        return f"Record<{_said(inner[0])}, {_said(inner[1])}>"
    return _PLAIN[hint]


def _interface(message: Any) -> str:
    lines = [f"/** {' '.join(message.__doc__.split())} */", f"export interface {message.__name__} {{"]
    for key, hint in typing.get_type_hints(message, include_extras=True).items():
        missing = typing.get_origin(hint) is typing.NotRequired
        lines.append(f"  {key}{'?' if missing else ''}: {_said(typing.get_args(hint)[0] if missing else hint)};")
    return "\n".join([*lines, "}"])


def page_types() -> str:
    """The text of `messages.ts`."""
    out = [
        f"/** Made from `downrange.console.heads` and `messages` by `{COMMAND}`; not to be edited. */\n\nexport type Value = {_VALUE};"
    ]
    out += [f"export type {name} = {_said(hint, alias=False)};" for name, hint in _named().items()]
    out += [_interface(m) for name, m in _ALL.items() if typing.is_typeddict(m) and not name.startswith("_")]
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page_types(), encoding="utf-8")
    print(PAGE)
