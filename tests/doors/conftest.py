"""The command line, called as a user does, and a starter project."""

import sys
from pathlib import Path

import pytest

from downrange.cli.main import run


@pytest.fixture
def call(monkeypatch, capsys):
    def go(*args: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["downrange", *map(str, args)])
        code = 0
        try:
            run()
        except SystemExit as stop:
            code = int(stop.code or 0)
        seen = capsys.readouterr()
        return code, seen.out, seen.err

    return go


@pytest.fixture
def project(tmp_path, call) -> Path:
    folder = tmp_path / "mine"
    assert call("new", folder)[0] == 0
    return folder


@pytest.fixture
def write(tmp_path):
    """Writes the bytes of a design to a file and gives its path."""

    def put(data: bytes, name: str = "rocket.ork") -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return put
