"""Long work says what it does: to nobody, to a listener, on a terminal and in a file; and where the time went adds up."""

import io
import re
import threading

import pytest

from downrange.cli import progress
from downrange.cli.progress import Watch, watching
from downrange.steps import advance, listening, step


class Heard:
    def __init__(self):
        self.told = []

    def begin(self, name, total):
        self.told.append((name, total))

    def advance(self, done):
        self.told.append(done)

    def end(self):
        self.told.append("end")


def test_steps_are_told_in_their_order_and_end_where_something_fails():
    heard = Heard()
    with listening(heard):
        with step("outer"), pytest.raises(ZeroDivisionError), step("inner", 3):
            advance(2)
            _ = 1 / 0
        advance()
    with step("nobody listens"):
        advance()
    assert heard.told == [("outer", 0), ("inner", 3), 2, "end", "end", 1]


def _shown(monkeypatch, terminal: bool) -> str:
    """What two steps show that take as long as it takes to show them."""
    out = io.StringIO()
    out.isatty = lambda: terminal
    monkeypatch.setattr(progress.sys, "stderr", out)
    monkeypatch.setattr(progress, "_FIRST", 0.0)
    monkeypatch.setattr(progress, "_EVERY", 0.001)

    def wait_for(words: str) -> None:
        for _ in range(2000):
            if words in out.getvalue():
                return
            threading.Event().wait(0.005)
        raise AssertionError(f"{words!r} was never shown: {out.getvalue()!r}")

    with watching(), step("flying", 4000):
        advance(1000)
        wait_for("flying, 1,000 of 4,000" if terminal else "flying ...")
        with step("drawing"):
            wait_for("flying: drawing")
    return out.getvalue()


def test_a_terminal_sees_one_line_that_counts_and_goes(monkeypatch):
    text = _shown(monkeypatch, True)
    assert "\n" not in text and text.endswith("\r\x1b[K")


def test_a_file_gets_a_line_for_each_step_and_nothing_that_drives_a_terminal(monkeypatch):
    text = _shown(monkeypatch, False)
    assert [x for x in text.splitlines() if x != "starting ..."] == ["flying ...", "flying: drawing ..."]
    assert "\x1b" not in text and "\r" not in text


def test_quick_work_shows_nothing(capsys):
    with watching(), step("quick"):
        pass
    assert capsys.readouterr().err == ""


def test_where_the_time_went_adds_up(monkeypatch):
    """Two turns of flying of 2 s and 3 s, 1 s of drawing in the second, 4 s of all else."""
    now = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    watch = Watch(began=100.0)

    def work(name, seconds):
        watch.begin(name, 0)
        now[0] += seconds
        watch.end()

    work("flying", 2.0)
    watch.begin("flying", 0)
    now[0] += 2.0
    work("drawing", 1.0)
    watch.end()
    now[0] += 4.0
    found = {m[1].strip(): (float(m[2]), int(m[3])) for m in re.finditer(r"(.+?)  +([\d.]+) s +(\d+)%", watch.table())}
    assert found == {
        "flying": (5.0, 56), "drawing": (1.0, 11), "starting, printing and the rest": (4.0, 44), "together": (9.0, 100),
    }  # fmt: skip
