"""Mutants over whole packages: each only before the tests that run its function, with what takes long loaded once.

    python builders/mutants_all.py map out/mutants tests/unit tests/invariants
    python builders/mutants_all.py run out/mutants safety dispersion kernel flight/vehicle.py -n 25 --seed 10
    python builders/mutants_all.py table out/mutants

`map` runs each test once and writes which functions of the package Python ran in it and how long it took; tests longer than `--longest`
seconds are left out. `run` draws `-n` mutants within the functions of each package named (or of one module), puts each before the quickest
tests that run its function, `--seconds` of them, in a process that has everything imported, and adds a line for it to `results.jsonl`; what
stands there is not run again. With `--outside` it draws constants and defaults, which are imported anew, as `mutants.py` does. `kernel` is the flight's kernel where Python flies it; the compiled one is not touched. With `--python` all single flights are
Python's, so that the tests of the compiled one are asked too: a map of its own, without the test that holds both together.
"""

from __future__ import annotations

import argparse
import ast
import functools
import gc
import importlib
import io
import json
import os
import random
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from mutants import HEAVY, ROOT, Mutated, mutated, places

SOURCE = ROOT / "src" / "downrange"
KERNEL = "flight/kernel/"
LIVE: dict[str, list[FunctionType]] = defaultdict(list)  # functions of the package that `load` has made, by file
ALIAS = "downrange.flight.interpreted_kernel"
# What only another process or a compiler runs, or what asks about the tree of files and not about what the code does.
LEFT_OUT = (
    "test_gpu.py",
    "test_package.py",
    "test_startup.py",
    "test_docstrings.py",
    "test_definitions.py",
    "test_vectorised.py",
    "test_processor.py",
)
QUIET = [
    "-q",
    "-n",
    "0",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:randomly",
    "-W",
    "ignore::pytest.PytestAssertRewriteWarning",
]


# --- processes


def forked(do: Callable[[], int], cpu_s: float, wall_s: float) -> int | None:
    """What `do` returns in a process of its own; None where it took longer."""
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        signal.setitimer(signal.ITIMER_PROF, cpu_s)  # ends the process
        code = 9
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            try:
                code = do()
            except BaseException:
                code = 9
        os._exit(code)
    end = time.monotonic() + wall_s
    while time.monotonic() < end:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            return None if code < 0 else code
        time.sleep(0.02)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return None


def load(files: Iterable[str], python: bool = False) -> None:
    """Import the package, the tests and the compiled kernel, and forget what was computed. With `python` single flights are Python's."""
    import numpy as np
    import pytest

    with redirect_stdout(io.StringIO()):
        pytest.main([*QUIET, "--collect-only", *files])
    drivers = importlib.import_module("downrange.flight.drivers")
    body_of = importlib.import_module("downrange.flight.body")
    earth, atmosphere = importlib.import_module("downrange.earth"), importlib.import_module("downrange.atmosphere")
    body = body_of.compile_body(
        body_of.PlainBody(1.5, np.eye(3)), earth.Pad(0.1, 0.2), atmosphere.Weather(), top=1500.0
    )
    drivers.fly_single(body)
    drivers.fly_rows(body, body.row[None], threads=1)
    interpreted = importlib.import_module("downrange.flight.interpreted")
    interpreted.kernel()
    if python:
        importlib.import_module("downrange.flight.kernel.single").fly_one = interpreted.fly_one
    for kept in [o for o in gc.get_objects() if type(o) is functools._lru_cache_wrapper]:
        if kept.__module__.startswith("downrange") and kept.__name__ != "kernel":
            kept.cache_clear()
    gc.collect()
    for function in [o for o in gc.get_objects() if type(o) is FunctionType]:
        if function.__code__.co_filename.startswith(str(SOURCE)):
            LIVE[function.__code__.co_filename].append(function)
    gc.freeze()


def room(name: str) -> Iterator[Path]:
    """The modules of a package, or the one module."""
    base = SOURCE / (KERNEL if name == "kernel" else name)
    for path in [base] if base.suffix == ".py" else sorted(base.rglob("*.py")):
        if name == "kernel" or KERNEL not in path.relative_to(SOURCE).as_posix():
            yield path


# --- which tests run which function


class Watch:
    """A plugin of pytest: what each test ran, with what its fixtures ran, and how long."""

    def __init__(self, longest: float, most: float) -> None:
        self.longest = longest
        self.end = time.process_time() + most
        self.tests: dict[str, tuple[float, list[str]]] = {}
        self.of_fixture: dict[int, set[CodeType]] = {}
        self.seen: set[CodeType] = set()

    def _trace(self, frame, event, arg):
        self.seen.add(frame.f_code)

    def _late(self, *_):
        raise TimeoutError("takes too long for a mutant")

    def hooks(self) -> Any:
        """What pytest takes."""
        import pytest

        watch = self

        class Plugin:
            @pytest.hookimpl(wrapper=True)
            def pytest_fixture_setup(self, fixturedef, request):
                outer, watch.seen = watch.seen, set()
                try:
                    return (yield)
                finally:
                    if fixturedef.scope != "function":
                        watch.of_fixture[id(fixturedef)] = watch.seen
                    watch.seen = watch.seen | outer

            @pytest.hookimpl(wrapper=True)
            def pytest_runtest_setup(self, item):
                return (yield from self._over(item))

            @pytest.hookimpl(wrapper=True)
            def pytest_runtest_call(self, item):
                return (yield from self._over(item))

            def _over(self, item):
                watch.begin(item)
                try:
                    return (yield)
                finally:
                    watch.finish(item)

            def pytest_runtest_logreport(self, report):
                if report.failed or report.skipped:
                    watch.tests[report.nodeid] = (-1.0, [])

        return Plugin()

    def begin(self, item) -> None:
        """From here on what is run counts."""
        if time.process_time() > self.end:
            item.session.shouldstop = "enough of this file"
        self.seen = set()
        self._begun = time.process_time()
        signal.signal(signal.SIGPROF, self._late)
        signal.setitimer(signal.ITIMER_PROF, self.longest)
        sys.settrace(self._trace)

    def finish(self, item) -> None:
        """To here, for this test."""
        sys.settrace(None)
        signal.setitimer(signal.ITIMER_PROF, 0)
        for definitions in item._fixtureinfo.name2fixturedefs.values():
            for definition in definitions:
                self.seen |= self.of_fixture.get(id(definition), set())
        took, before = self.tests.get(item.nodeid, (0.0, []))
        names = {n for c in self.seen if (n := name_of(c)) is not None}
        self.tests[item.nodeid] = (took + time.process_time() - self._begun, sorted(names.union(before)))


@functools.cache
def name_of(code: CodeType) -> str | None:
    """`flight/fly.py:fly`, with what stands inside a function under the function's name."""
    path = Path(code.co_filename)
    if not path.is_relative_to(SOURCE):
        return None
    return f"{path.relative_to(SOURCE).as_posix()}:{code.co_qualname.split('.<locals>')[0]}"


def make_map(folder: Path, given: list[str], longest: float, per_file: float, python: bool) -> None:
    """A file of `folder/map` for each file of tests."""
    files = [f for g in given for f in ([Path(g)] if g.endswith(".py") else sorted(Path(g).glob("test_*.py")))]
    left = [f for f in files if f.name not in LEFT_OUT and not (folder / "map" / f"{f.stem}.json").exists()]
    (folder / "map").mkdir(parents=True, exist_ok=True)
    load(map(str, left), python)
    for file in left:
        out = folder / "map" / f"{file.stem}.json"

        def one(file=file, out=out) -> int:
            import pytest

            watch = Watch(longest, per_file)
            try:
                pytest.main([*QUIET, str(file)], plugins=[watch.hooks()])
            finally:
                kept = {k: v for k, v in watch.tests.items() if 0 <= v[0] <= longest}
                out.write_text(json.dumps(kept))
            return 0

        begun = time.monotonic()
        forked(one, 1e4, 1e4)
        print(
            f"{file}: {time.monotonic() - begun:.0f} s, {'done' if out.exists() else 'left out, takes too long'}",
            flush=True,
        )
        if not out.exists():
            out.write_text("{}")


class Tests:
    """The map, read."""

    def __init__(self, folder: Path) -> None:
        self.seconds: dict[str, float] = {}
        self.of: dict[str, set[str]] = defaultdict(set)
        for file in (folder / "map").glob("*.json"):
            for test, (took, names) in json.loads(file.read_text()).items():
                self.seconds[test] = took
                for name in names:
                    self.of[name].add(test)

    def chosen(self, names: Iterable[str], seconds: float) -> list[str]:
        """The quickest tests that run one of the functions, for as long as they fit."""
        out, total = [], 0.0
        for test in sorted(set().union(*(self.of.get(n, ()) for n in names)), key=lambda t: self.seconds[t]):
            total += self.seconds[test] + 0.01
            if total > seconds and out:
                break
            out.append(test)
        return out


# --- mutants


def within(tree: ast.Module, line: int) -> str | None:
    """The function whose body has the line, by its full name; None outside all."""
    scope: ast.Module | ast.ClassDef = tree
    name = ""
    while True:
        for node in scope.body:
            first = min((d.lineno for d in getattr(node, "decorator_list", [])), default=node.lineno)
            if not first <= line <= (node.end_lineno or first):
                continue
            if isinstance(node, ast.ClassDef):
                scope, name = node, f"{name}{node.name}."
                break
            if isinstance(node, ast.FunctionDef):
                return f"{name}{node.name}" if line >= node.body[0].lineno else None
            return None
        else:
            return None


def codes(code: CodeType) -> Iterator[CodeType]:
    """It and all that stand in it."""
    yield code
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from codes(inner)


def put(path: Path, tree: ast.Module) -> bool:
    """Give the functions that live the mutant's code; whether one was found that differs."""
    kernel = KERNEL in path.as_posix()
    new = {
        (c.co_qualname, c.co_firstlineno): c for c in codes(compile(ast.fix_missing_locations(tree), str(path), "exec"))
    }
    changed = False
    for f in LIVE[str(path)]:
        old = f.__code__
        if kernel and not f.__globals__["__name__"].startswith(ALIAS):
            continue
        code = new.get((old.co_qualname, old.co_firstlineno))
        if code is not None and code != old and len(code.co_freevars) == len(old.co_freevars):
            f.__code__ = code
            changed = True
    return changed


def caught(tests: list[str], limit: float, prepare: Callable[[], bool]) -> str:
    """`killed`, `lived`, `time` (killed by taking too long) or `same` (nothing to run differs)."""

    def one() -> int:
        import pytest

        if not prepare():
            return 7
        return int(pytest.main([*QUIET, "-x", *tests]))

    code = forked(one, limit, 8 * limit)
    return {None: "time", 0: "lived", 7: "same", 5: "none"}.get(code, "killed")


class Run:
    """The mutants drawn, and what became of them."""

    def __init__(self, folder: Path, seconds: float, outside: bool) -> None:
        self.folder, self.seconds, self.outside = folder, seconds, outside
        self.tests = Tests(folder)
        self.file = folder / "results.jsonl"
        self.done = {key(r): r for r in records(self.file)}

    def draw(self, name: str, n: int, seed: int) -> list[dict[str, Any]]:
        """`n` of all mutants of a package; of the kernel, of what Python runs in a test."""
        found = []
        for path in room(name):
            module = path.relative_to(SOURCE).as_posix()
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for place in places(tree):
                function = within(tree, place.line)
                if (function is None) == self.outside and (
                    name != "kernel" or self.tests.of.get(f"{module}:{function}")
                ):
                    found.append(
                        {
                            "package": name,
                            "module": module,
                            "line": place.line,
                            "what": place.what,
                            "number": place.number,
                            "way": place.way,
                            "function": function,
                        }
                    )
        return random.Random(f"{seed} {name}").sample(found, min(n, len(found)))

    def tests_of(self, mutant: dict[str, Any], seconds: float) -> list[str]:
        """The tests that a mutant stands before."""
        module, function = mutant["module"], mutant["function"]
        names = [f"{module}:{function}"] if function else [k for k in self.tests.of if k.startswith(f"{module}:")]
        return self.tests.chosen(names, seconds)

    def judge(self, mutant: dict[str, Any], anew: bool, asked: list[str] | None = None) -> None:
        """Run and write it down; before the tests `asked`, where given."""
        path = SOURCE / mutant["module"]
        tests = asked or self.tests_of(mutant, self.seconds)
        text = path.read_text(encoding="utf-8")
        tree = mutated(ast.parse(text), mutant["number"], mutant["way"])
        limit = 300.0 if asked else 4 * sum(self.tests.seconds[t] for t in tests) + (25 if anew else 10)

        def prepare() -> bool:
            if anew:
                Mutated.install(path, tree)
                return True
            return put(path, tree)

        end = caught(tests, limit, prepare) if tests else "no test"
        mutant |= {"end": end, "tests": len(tests), "anew": anew, "first": mutant.get("first", end)}
        mutant["text"] = text.splitlines()[mutant["line"] - 1].strip()[:110]
        with self.file.open("a") as f:
            f.write(json.dumps(mutant) + "\n")
        self.done[key(mutant)] = mutant
        if end not in ("killed", "time"):
            print(f"  {end}: {mutant['module']}:{mutant['line']}: {mutant['what']}: {mutant['text']}", flush=True)


def key(mutant: dict[str, Any]) -> tuple[Any, ...]:
    """What tells one mutant from another, as long as its module stays."""
    return mutant["package"], mutant["module"], mutant["line"], mutant["number"], mutant["way"]


def records(file: Path) -> list[dict[str, Any]]:
    """The latest of each mutant."""
    lines = file.read_text().splitlines() if file.exists() else []
    return list({key(r): r for r in map(json.loads, lines)}.values())


def run(
    folder: Path, names: list[str], *, n: int, seed: int, seconds: float, outside: bool, sure: bool, python: bool, again: list[str] | None
) -> None:  # fmt: skip
    """Each package in turn."""
    state = Run(folder, seconds, outside)
    drawn = [m for name in names for m in state.draw(name, n, seed)]
    left = [m for m in drawn if key(m) not in state.done]
    lived = [r for m in drawn if (r := state.done.get(key(m))) and r["end"] not in ("killed", "time")]
    if again is not None:
        left = lived
        load(again or sorted({t.split("::")[0] for m in left for t in state.tests_of(m, seconds)}), python)
    elif sure:
        left = [r for r in lived if not r["anew"]]
    elif left and not outside:
        load(sorted({t.split("::")[0] for m in left for t in state.tests_of(m, seconds)}), python)
    for mutant in left:
        state.judge(mutant, anew=again is None and (sure or outside), asked=again)
    for name in names:
        ends = Counter(r["end"] for m in drawn if m["package"] == name and (r := state.done.get(key(m))))
        print(f"{name}: {dict(ends)}", flush=True)


def table(folder: Path) -> None:
    """Killed and lived by package, as Markdown: by the quick tests at first, and in the end."""
    by: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for r in records(folder / "results.jsonl"):
        by[r["package"]].append(r)
    print("| package | mutants | killed by quick tests | killed in the end | lived |\n|---|---|---|---|---|")
    for name, found in sorted(by.items()):
        first, end = (sum(r.get(k, r["end"]) in ("killed", "time") for r in found) for k in ("first", "end"))
        print(f"| {name} | {len(found)} | {first} | {end} | {len(found) - end} |")


def main() -> None:
    """One of three."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("map", "run", "table"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", help="tests for `map`, packages or modules of src/downrange for `run`")
    parser.add_argument("-n", type=int, default=25)
    parser.add_argument("--seed", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=15.0, help="of tests for each mutant")
    parser.add_argument("--outside", action="store_true", help="draw from constants and defaults, outside functions")
    parser.add_argument(
        "--sure", action="store_true", help="import those drawn that lived anew, and run them once more"
    )
    parser.add_argument(
        "--again", nargs="*", help="put those drawn that lived before these files of tests, whole; without any, before what the map has now"
    )  # fmt: skip
    parser.add_argument(
        "--python", action="store_true", help="single flights by Python, for mutants of the kernel; a folder of its own"
    )
    parser.add_argument("--longest", type=float, default=4.0, help="seconds of a test that `map` keeps")
    parser.add_argument("--per-file", type=float, default=60.0, help="seconds for the tests of one file in `map`")
    given = parser.parse_args()
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT / "tests"))
    for name in HEAVY:
        importlib.import_module(name)
    if given.what == "map":
        make_map(given.folder, given.names, given.longest, given.per_file, given.python)
    elif given.what == "run":
        of = ("n", "seed", "seconds", "outside", "sure", "python", "again")
        run(given.folder, given.names, **{k: getattr(given, k) for k in of})
    else:
        table(given.folder)


if __name__ == "__main__":
    main()
