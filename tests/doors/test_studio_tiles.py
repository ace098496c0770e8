"""Tiles that a user has: told by their names, sent by ranges, and nothing else of the folder or beyond it."""

import os
import shutil
from pathlib import Path

import pytest

pytest.importorskip("starlette", reason="the extra 'web' is not installed")
from starlette.testclient import TestClient  # noqa: E402

from downrange.console.app import Settings, create_app  # noqa: E402
from downrange.console.tiles import MOST  # noqa: E402

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
TILES = b"PMTiles\x03" + bytes(range(256)) * 400


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    shutil.copytree(EXAMPLES / "first_rocket", tmp_path / "work" / "first_rocket")
    (tmp_path / "work" / "first_rocket" / "field.pmtiles").write_bytes(TILES)
    return Settings(None, tmp_path / "work", 8123)


@pytest.fixture
def ask(settings):
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8123") as client:

        def asked(path, **headers):
            key = {"Authorization": f"Bearer {settings.token}", "X-Project": "first_rocket"}
            return client.get(path, headers={k: v for k, v in {**key, **headers}.items() if v})

        yield asked


def test_pieces_are_those_of_the_file(ask, settings):
    path = "/tiles/field.pmtiles"
    for first, last in ((0, 0), (0, 16383), (7, 300), (len(TILES) - 5, len(TILES) + 99)):
        got = ask(path, Range=f"bytes={first}-{last}")
        end = min(last, len(TILES) - 1)
        assert got.status_code == 206 and got.content == TILES[first : last + 1]
        assert got.headers["content-range"] == f"bytes {first}-{end}/{len(TILES)}"
        assert got.headers["x-content-type-options"] == "nosniff" and got.headers["accept-ranges"] == "bytes"
    mark = got.headers["etag"]
    file = settings.folder / "first_rocket" / "field.pmtiles"
    os.utime(file, ns=(1, 1))
    assert ask(path, Range="bytes=0-9").headers["etag"] != mark
    over = ask(path, Range=f"bytes={len(TILES)}-{len(TILES)}")
    assert over.status_code == 416 and over.headers["content-range"] == f"bytes */{len(TILES)}"


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "bytes=0-",
        "bytes=-5",
        "bytes=5-4",
        "bytes=0-1,3-4",
        f"bytes=0-{MOST}",
        "0-4",
        "bytes=a-b",
        "bytes=0-" + "9" * 40,
    ],
)
def test_what_is_no_range_that_can_be_had_is_refused(ask, asked):
    got = ask("/tiles/field.pmtiles", Range=asked)
    assert got.status_code == 400 and "range" in got.json()["error"]


def test_nothing_else_is_sent(ask, settings, tmp_path):
    here = settings.folder / "first_rocket"
    (tmp_path / "secret.pmtiles").write_bytes(TILES)
    (here / "fake.pmtiles").write_bytes(b"PNG" + TILES)
    (here / "folder.pmtiles").mkdir()
    (here / "away.pmtiles").symlink_to(tmp_path / "secret.pmtiles")
    (here / "<script>.pmtiles").write_bytes(TILES)
    names = [
        "fake",
        "folder",
        "away",
        "none",
        "..",
        "..%2f..%2fsecret",
        "..%5c..%5csecret",
        "%2fetc%2fpasswd",
        "x%00",
        "x" * 300,
    ]
    for name in names:
        got = ask(f"/tiles/{name}.pmtiles", Range="bytes=0-9")
        assert got.status_code in (400, 404, 503) and b"PMTiles\x03" not in got.content, (
            name
        )  # 503: a page, where none are built
    assert ask("/tiles/rocket.yaml", Range="bytes=0-9").status_code in (404, 503)
    told = ask("/api/tiles").json()
    assert told == [{"name": n, "bytes": len(TILES)} for n in ("<script>.pmtiles", "field.pmtiles")]


def test_only_its_own_page_gets_them(ask):
    path, piece = "/tiles/field.pmtiles", {"Range": "bytes=0-9"}
    assert ask(path, Authorization="", **piece).status_code == 403
    assert ask(path, Authorization="Bearer x", **piece).status_code == 403
    assert ask(path, Origin="http://evil.example", **piece).status_code == 403
    assert ask(path, Host="evil.example:8123", **piece).status_code == 403
    assert ask(path, **{"X-Project": "../other"}, **piece).status_code == 400
    assert ask("/api/tiles", **{"X-Project": "none"}).status_code == 400
