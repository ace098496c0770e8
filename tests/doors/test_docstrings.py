"""Every public function says what its arguments are. Whoever adds one without a word is caught here."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import textwrap
import types
from collections.abc import Callable, Iterator
from importlib import metadata, resources

import numpy as np
import pytest

import downrange
from downrange.errors import InputError

SHAPE = re.compile(r"\(\.\.\.,|\((\.\.\.|[a-zA-Z0-9]+)\b[^()]*\)|shape|any number|arrays? of|columns?|broadcast", re.IGNORECASE)
ARRAY = re.compile(r"\bndarray\b")


def packages() -> list[str]:
    names = (m.name for m in pkgutil.iter_modules(downrange.__path__))
    return ["downrange", *(f"downrange.{n}" for n in names if n not in ("cli", "__main__"))]


def functions(made: object, name: str) -> Iterator[tuple[str, Callable]]:
    """A function, or the public methods of a class, as they were written."""
    if inspect.isclass(made):
        for k, v in vars(made).items():
            f = v.__func__ if isinstance(v, classmethod | staticmethod) else v
            if isinstance(f, types.FunctionType) and not k.startswith("_") and f.__name__ != "<lambda>":
                yield f"{name}.{k}", f
    elif isinstance(f := inspect.unwrap(made) if callable(made) else made, types.FunctionType):
        yield name, f


def public() -> dict[str, Callable]:
    """Every public function and method of every package, once."""
    found: dict[int, tuple[str, Callable]] = {}
    for package in packages():
        module = importlib.import_module(package)
        for name in getattr(module, "__all__", ()):
            for where, f in functions(getattr(module, name), name):
                if f.__module__.startswith("downrange"):
                    found.setdefault(id(f), (f"{f.__module__}.{where}", f))
    return dict(found.values())


FUNCTIONS = public()
CLASSES = {
    name
    for module in {f.__module__ for f in FUNCTIONS.values()} | set(packages())
    for name, made in vars(importlib.import_module(module)).items()
    if inspect.isclass(made) and made.__module__.startswith("downrange") and inspect.getdoc(made)
}


def arguments(f: Callable) -> list[inspect.Parameter]:
    return [p for n, p in inspect.signature(f).parameters.items() if n not in ("self", "cls") and not n.startswith("_")]


def told(p: inspect.Parameter, doc: str) -> bool:
    """Whether an argument is named, or is a thing of ours (or a path) whose own docstring says what it is."""
    words = set(re.findall(r"\w+", str(p.annotation)))
    return bool(re.search(rf"\b{re.escape(p.name)}\b", doc) or words & (CLASSES | {"Path", "Asked", "Draw"}))


def test_there_are_functions_to_look_at():
    assert len(FUNCTIONS) > 200 and "downrange.flight.fly.fly" in FUNCTIONS and len(CLASSES) > 60


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_public_function_says_what_its_arguments_are(name):
    f = FUNCTIONS[name]
    doc = inspect.getdoc(f) or ""
    assert len(doc.split()) >= 3, "no docstring"
    silent = [p.name for p in arguments(f) if not told(p, doc)]
    assert not silent, f"says nothing of {', '.join(silent)}: meaning, shape, unit, frame"
    arrays = [p.name for p in arguments(f) if ARRAY.search(str(p.annotation))]
    assert not arrays or SHAPE.search(doc), f"says no shape of {', '.join(arrays)}"


def refuses(f: Callable) -> list[str]:
    """The errors of the package that a function raises itself, as written."""
    found = ast.walk(ast.parse(textwrap.dedent(inspect.getsource(f))))
    raised = [ast.unparse(n.exc) for n in found if isinstance(n, ast.Raise) and n.exc is not None]
    return [r for r in raised if re.match(r"(type\(error\)|\w*(Input|File)Error)\(", r)]


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_public_function_says_what_it_refuses(name):
    f = FUNCTIONS[name]
    raised = refuses(f)
    assert not raised or re.search(r"rais|refus|error", inspect.getdoc(f) or "", re.IGNORECASE), f"raises unsaid: {raised[0][:120]}"


def test_what_says_nothing_is_caught():
    def half(table: np.ndarray, size: float, launch: str) -> None:
        """Does something with the table and its size."""
        if size < 0:
            raise InputError(f"{size} is below zero")

    assert len(refuses(half)) == 1

    assert [p.name for p in arguments(half) if not told(p, half.__doc__)] == ["launch"]
    assert not SHAPE.search(half.__doc__) and SHAPE.search("values (n, 3), m") and SHAPE.search("of one shape")


def test_types_are_shipped():
    assert resources.files("downrange").joinpath("py.typed").is_file()
    files = metadata.files("downrange") or ()
    packed = [str(p) for p in files]
    assert not packed or any("downrange" in p for p in packed)
