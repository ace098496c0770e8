"""A studio on a copy of an example, and a page of a real Chromium on it; every request that leaves this machine fails the test."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next((p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name))), None)


def pytest_collection_modifyitems(items):
    pages = ROOT / "src/downrange/console/pages/index.html"
    why = (
        "the pages are not built (make test-web)"
        if not pages.is_file()
        else "no Chromium here"
        if CHROMIUM is None
        else None
    )
    if why is None:
        try:
            import playwright  # noqa: F401
        except ModuleNotFoundError:
            why = "playwright is not installed (make test-web)"
    for item in items:
        if why is not None and Path(item.fspath).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.skip(reason=why))


def until(page, what):
    """Wait for something true in the page; asked by the debugger, which the page's own policy does not bind."""
    for _ in range(1200):
        if page.evaluate(what):
            return
        page.wait_for_timeout(100)
    raise AssertionError(what)


class Studio:
    """A studio's process and its address."""

    def __init__(self, folder: Path, project: str | None):
        self.folder = folder
        self.start(project)

    def start(self, project: str | None) -> None:
        called = [sys.executable, "-m", "downrange.cli.main", "studio", *([project] if project else []), "--no-browser"]
        env = {**os.environ, "DOWNRANGE_COMPILE": "wait", "OMP_NUM_THREADS": "1"}
        self.process = subprocess.Popen(
            called, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env
        )
        line = self.process.stdout.readline()
        found = re.search(r"http\S+", line)
        assert found, (line, self.process.stderr.read())
        self.address = found[0]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)
        self.process.stdout.close()
        self.process.stderr.close()


@pytest.fixture(scope="module")  # its event loop ends with it: other tests have their own
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as p:
        made = p.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture
def studio(tmp_path):
    shutil.copytree(ROOT / "examples" / "first_rocket", tmp_path / "first_rocket")
    made = Studio(tmp_path, "first_rocket")
    yield made
    made.stop()


@pytest.fixture
def page(browser, studio):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    made = context.new_page()
    made.set_default_timeout(120_000)
    wrong: list[str] = []
    made.on("pageerror", lambda e: wrong.append(str(e)))
    made.on("console", lambda m: wrong.append(m.text) if m.type == "error" and "WebSocket" not in m.text else None)
    made.on(
        "request",
        lambda r: (
            wrong.append(f"foreign request: {r.url}") if not r.url.startswith(("http://127.0.0.1", "data:")) else None
        ),
    )
    made.goto(studio.address)
    yield made
    context.close()
    assert not wrong
