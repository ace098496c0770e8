"""Names that attack: script, quotes, closing tags, escape sequences, Rich markup and mathtext, in every name and every output."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import downrange as dr
from downrange.formats import write_eng
from downrange.project import load

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
EVIL = (
    "</style></title></script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
    "'\"&]]>--> [red]r[/nope] :bomb: $\\frac{$ \x1b]0;owned\x07\x1b[31m\x9b31m\u202e"
)
DRIVES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def renamed(node: object) -> object:
    """A project file's data with every name in it an evil one."""
    if isinstance(node, list):
        return [renamed(v) for v in node]
    if not isinstance(node, dict):
        return node
    out = {k: EVIL if k in ("name", "notes") else renamed(v) for k, v in node.items()}
    return out | ({"name": EVIL} if "type" in node else {})


@pytest.fixture(scope="module")
def evil(tmp_path_factory) -> Path:
    """The Genesis example with an evil name wherever a name can stand."""
    folder = tmp_path_factory.mktemp("evil") / "project"
    shutil.copytree(EXAMPLES / "genesis", folder)
    for file in ("rocket.yaml", "site.yaml", "launch.yaml"):
        data = renamed(YAML(typ="safe").load((folder / file).read_text(encoding="utf-8")))
        if file == "launch.yaml":
            data["modes"] = {"own": [{"name": EVIL, "changes": ["late"], "probability": "3 %"}]}
            data["name"] = EVIL
            motor = replace(
                load(EXAMPLES / "genesis" / "launch.yaml").motor, designation=EVIL, manufacturer="X"
            )
            write_eng(folder / "m.eng", [motor])
            data["motor"] = "m.eng"
        (folder / file).write_text(json.dumps(data), encoding="utf-8")  # JSON is YAML
    return folder / "launch.yaml"


def outputs(launch: Path, out: Path) -> list[tuple[object, ...]]:
    return [
        ("fly", launch, "--out", out), ("check", launch), ("fly", launch, "--json"), ("aero", launch), ("loads", launch), ("aim", launch),
        ("safety", launch, "-n", 256), ("safety", launch, "-n", 256, "--json"), ("find", launch, "-n", 1024, "--out", out / "search"),
        ("disperse", launch, "-n", 256, "--out", out / "camp", "--format", "svg"),
    ]  # fmt: skip


def test_every_output(call, evil, tmp_path):  # noqa: F811
    """No output holds a live character of the names: terminal, JSON, HTML, KML, GPX, GeoJSON, SVG; PNG is drawn at all."""
    for run in outputs(evil, tmp_path / "out"):
        code, text, err = call(*run)
        assert code in (0, 1), err
        assert not DRIVES.search(text) and not DRIVES.search(err), run
        if "--json" in run:
            json.loads(text)
    pages = [p for p in (tmp_path / "out").rglob("*") if p.is_file()]
    assert {p.suffix for p in pages} >= {".html", ".kml", ".gpx", ".geojson", ".svg", ".png", ".json", ".csv"}
    for page in pages:
        if page.suffix in (".html", ".kml", ".gpx", ".svg"):
            text = page.read_text(encoding="utf-8")
            assert "<script" not in text.lower() and "<img src=x" not in text and not DRIVES.search(text), page
        if page.suffix in (".kml", ".gpx", ".svg"):
            ET.fromstring(page.read_bytes())
        if page.suffix in (".json", ".geojson"):
            json.loads(page.read_text(encoding="utf-8"))
    report = tmp_path / "out" / "camp" / "report.html"
    assert report.read_text(encoding="utf-8").count("&lt;script&gt;") >= 5, "the names are in the report, as words"
    runs_no_script(report, tmp_path)


def test_a_notebook_shows_words(evil, tmp_path):
    flight = dr.fly(dr.load(evil))
    page = flight._repr_html_()
    drawn = re.search(r'<img alt="" style="max-width:100%" src="data:image/svg\+xml;base64,([A-Za-z0-9+/=]*)">', page)
    assert b"<script" not in base64.b64decode(drawn.group(1))
    page = page.replace(drawn.group(0), "")  # our own
    assert "<script" not in page and "<img" not in page and "&lt;script&gt;" in page and not DRIVES.search(page)
    assert not DRIVES.search(repr(flight))
    (tmp_path / "card.html").write_text(f"<!doctype html><title>calm</title>{page}", encoding="utf-8")
    runs_no_script(tmp_path / "card.html", tmp_path)


def runs_no_script(page: Path, folder: Path) -> None:
    """Open a page in a headless Chromium: its title must stay; skips, saying so, where there is none that works."""
    browser = next((b for n in ("chromium", "chromium-browser", "google-chrome") if (b := shutil.which(n))), None)
    if browser is None:
        pytest.skip("no Chromium here: the page was not opened in a browser")
    probe = folder / "probe.html"
    probe.write_text("<!doctype html><title>calm</title><script>document.title='owned'</script>", encoding="utf-8")

    def title(file: Path) -> str:
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
        made = subprocess.run(
            [browser, *flags, f"--user-data-dir={folder / 'browser'}", "--virtual-time-budget=2000", "--dump-dom", file.as_uri()],
            capture_output=True, text=True, timeout=120, encoding="utf-8",
        )  # fmt: skip
        found = re.search(r"<title>(.*?)</title>", made.stdout, re.DOTALL)
        return found[1] if found else ""

    if title(probe) != "owned":
        pytest.skip("this Chromium does not run here: the page was not opened in a browser")
    assert title(page) not in ("owned", "")
