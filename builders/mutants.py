"""Change the source in small ways that are wrong, and see which changes no test catches.

    python builders/mutants.py src/downrange/safety/risk.py tests/unit/test_casualties.py tests/unit/test_risk.py -n 40

Of all places in a module where a sign, a factor, a comparison, an order of arguments or a number could be turned, `-n` are drawn with
`--seed`. For each, the tests are run with the module as it would be then; no file is written. A mutant that lives is a test that is
missing, or a line that does nothing. Where the tests fail without a change, nothing is said.

The libraries are loaded once, and each mutant flies in a process of its own that begins from there (POSIX). The kernel is mutated where
Python flies it (`flight/interpreted.py`): its own tests must do that.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import importlib.machinery
import io
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEAVY = ("numpy", "scipy.special", "scipy.stats", "shapely", "pydantic", "ruamel.yaml", "click", "pytest")

_OPERATORS = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE,
    ast.LtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip
_EDGES = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
_NAMES = {
    "sin": "cos", "cos": "sin", "min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum", "argmin": "argmax", "argmax": "argmin",
    "radians": "degrees", "degrees": "radians", "east": "north", "north": "east", "latitude": "longitude", "longitude": "latitude",
    "any": "all", "all": "any", "floor": "ceil", "ceil": "floor", "upper": "lower", "front": "aft", "aft": "front",
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where a module can be changed: the line, what it would be, and which node and which of its ways that is."""

    line: int
    what: str
    number: int
    way: int


def places(tree: ast.Module, edges: bool = False) -> Iterator[Place]:
    """All that can be changed."""
    for number, node in enumerate(_nodes(tree)):
        for way, (what, _) in enumerate(_ways(node, edges)):
            yield Place(getattr(node, "lineno", 0), what, number, way)


def mutated(tree: ast.Module, number: int, way: int, edges: bool = False) -> ast.Module:
    """The tree, which is changed, with that one place changed."""
    node = _nodes(tree)[number]
    list(_ways(node, edges))[way][1](node)
    return tree


def _nodes(tree: ast.Module) -> list[ast.AST]:
    return [n for n in ast.walk(tree) if not _is_said(n)]


def _is_said(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _ways(node: ast.AST, edges: bool):
    def operator(kind):
        return lambda n: setattr(n, "op", kind())

    if isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign) and type(node.op) in _OPERATORS:
        other = _OPERATORS[type(node.op)]
        yield f"{type(node.op).__name__} -> {other.__name__}", operator(other)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not | ast.Invert):
        if isinstance(node.op, ast.USub):
            yield "USub left out", operator(ast.UAdd)
        elif isinstance(node.op, ast.Not):
            yield "Not left out", lambda n: setattr(n, "operand", ast.UnaryOp(ast.Not(), n.operand))
    elif isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _OPERATORS:
        table = _EDGES if edges and type(node.ops[0]) in _EDGES else _OPERATORS
        other = table[type(node.ops[0])]
        yield f"{type(node.ops[0]).__name__} -> {other.__name__}", lambda n: setattr(n, "ops", [other()])
    elif (
        isinstance(node, ast.Call)
        and len(node.args) >= 2
        and not any(isinstance(a, ast.Starred) for a in node.args[:2])
    ):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name not in (
            "minimum",
            "maximum",
            "min",
            "max",
            "isinstance",
            "fmin",
            "fmax",
            "hypot",
            "isclose",
            "allclose",
        ):
            yield f"first two arguments of {name} swapped", lambda n: n.args.__setitem__(slice(2), n.args[1::-1])
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield f"{node.value} -> {not node.value}", lambda n: setattr(n, "value", not n.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        value = node.value
        new = value + 1 if isinstance(value, int) else (value * 1.5 if value else 0.5)
        yield f"{value} -> {new:g}", lambda n: setattr(n, "value", new)
    elif isinstance(node, ast.Attribute) and node.attr in _NAMES and isinstance(node.ctx, ast.Load):
        yield f".{node.attr} -> .{_NAMES[node.attr]}", lambda n: setattr(n, "attr", _NAMES[n.attr])


class Mutated(importlib.machinery.SourceFileLoader):
    """Loads one file as another tree, under whatever name it is asked for."""

    path_of: Path
    code_of: object

    @classmethod
    def install(cls, path: Path, tree: ast.Module) -> None:
        """From now on `path` is `tree`."""
        code = compile(ast.fix_missing_locations(tree), str(path), "exec")
        original = importlib.machinery.SourceFileLoader.get_code

        def get_code(self, fullname):
            return code if Path(self.path).resolve() == path else original(self, fullname)

        importlib.machinery.SourceFileLoader.get_code = get_code


def tests_pass(tests: list[str], limit: float, path: Path | None = None, tree: ast.Module | None = None) -> bool | None:
    """Whether the tests pass; None where they took longer than `limit` s."""
    pid = os.fork()
    if pid == 0:
        import pytest

        os.setpgid(0, 0)
        code = 1
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            try:
                if path is not None and tree is not None:
                    Mutated.install(path, tree)
                code = int(pytest.main(["-x", "-q", "-n", "0", "-p", "no:cacheprovider", "-p", "no:randomly", *tests]))
            except BaseException:
                code = 1
        os._exit(code)
    end = time.monotonic() + limit
    while time.monotonic() < end:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status) == 0
        time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return None


def main() -> int:
    """Run; returns how many lived."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("module", type=Path)
    parser.add_argument("tests", nargs="+")
    parser.add_argument("-n", type=int, default=30, help="mutants, at most")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=float, default=300.0, help="seconds for one mutant; longer counts as caught")
    parser.add_argument(
        "--edges", action="store_true", help="compare with or without equality, instead of the other way round"
    )
    given = parser.parse_args()
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT / "tests"))
    for name in HEAVY:
        importlib.import_module(name)
    path = given.module.resolve()
    text = path.read_text(encoding="utf-8")
    found = list(places(ast.parse(text), given.edges))
    begun = time.monotonic()
    if not tests_pass(given.tests, given.limit):
        print(f"{given.module}: the tests fail as they are, or take longer than {given.limit:g} s")
        return 1
    limit = min(given.limit, 3 * (time.monotonic() - begun) + 20)
    chosen = random.Random(given.seed).sample(found, min(given.n, len(found)))
    lived = []
    for place in sorted(chosen, key=lambda c: c.line):
        if tests_pass(given.tests, limit, path, mutated(ast.parse(text), place.number, place.way, given.edges)):
            lived.append(place)
            shown = text.splitlines()[place.line - 1].strip()[:90]
            print(f"  lived: {given.module.name}:{place.line}: {place.what}: {shown}", flush=True)
    print(
        f"{given.module}: {len(chosen)} of {len(found)} mutants, {len(chosen) - len(lived)} caught, {len(lived)} lived",
        flush=True,
    )
    return len(lived)


if __name__ == "__main__":
    sys.exit(min(main(), 100))
