"""The studio's rooms beside the design: judging and aiming, history and variants, flights laid over, motors of grains, the start page, hostile questions."""

import json
import math
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("starlette", reason="the extra 'web' is not installed")
from starlette.testclient import TestClient  # noqa: E402

from downrange.console.answers import answer, unframed  # noqa: E402
from downrange.console.app import Settings, create_app  # noqa: E402
from downrange.console.beside import flown_beside, history, logged  # noqa: E402
from downrange.console.burning import burnt  # noqa: E402
from downrange.console.judging import aimed, judged  # noqa: E402
from downrange.console.landing import landings  # noqa: E402
from downrange.console.worker import Pilot
from downrange.errors import InputError  # noqa: E402
from downrange.project.document import Change, Document  # noqa: E402
from downrange.project.history import differences, keep, save_variant, variants_of, versions_of  # noqa: E402

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
ADDRESS = "http://127.0.0.1:8123"
NOSE = ["rocket", "parts", 0, "length"]
MOTOR = """name: small
propellant: {record: KNSB, density: 1750 kg/m3}
grains:
  - {type: bates, diameter: 15 mm, length: 22 mm, core: 5 mm, count: 2}   # cast in two
nozzle: {throat: 4 mm, exit: 9 mm, divergence: 12 deg}
delays: [6 s]
case: {mass: 20 g, diameter: 18 mm, outer_length: 70 mm, length: 50 mm}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    shutil.copytree(EXAMPLES / "first_rocket", tmp_path / "work" / "first_rocket")
    return tmp_path / "work"


@pytest.fixture
def document(folder):
    return Document.open(folder / "first_rocket")


@pytest.fixture
def settings(folder):
    return Settings(None, folder, 8123)


@pytest.fixture
def client(settings):
    with TestClient(
        create_app(settings), base_url=ADDRESS, headers={"Authorization": f"Bearer {settings.token}"}
    ) as made:
        yield made


def test_go_and_no_go_are_those_of_the_command_line(document, call):
    from downrange.cli.safety import command
    from downrange.project.assessment import FLIGHTS

    assert next(p for p in command.params if p.name == "flights").default == FLIGHTS
    told = judged(document.said, document.place, 128)
    _, out, _ = call("safety", document.path, "-n", "128", "--json")
    assert told["summary"] == json.loads(out) and told["flights"] == 128
    rules = told["summary"]["rules"]
    assert [(line["title"], line["verdict"]) for line in told["lines"]] == [(r["title"], r["verdict"]) for r in rules]
    assert len(rules) > 5 and all(line["limit"]["metric"] for line in told["lines"])
    assert "Z99" in judged({**document.said, "motor": "Z99"}, document.place, 64)["error"]


def test_the_aim_is_that_of_the_command_line(document, call):
    told = aimed(document.said, document.place)
    _, out, _ = call("aim", document.path, "--json")
    by_hand = json.loads(out)
    shown = [{k: v for k, v in row.items() if k != "shown"} for row in told["reach"]]
    assert shown == by_hand["reach"] and told["drift"] == by_hand["drift"] and told["not_aimed"] == by_hand["not_aimed"]
    assert [{k: v for k, v in a.items() if k != "shown"} for a in told["aims"]] == by_hand["aims"]
    assert (
        told["reach"][0]["shown"]["distance"]["us"].endswith("ft")
        and "behind it" in told["reach"][0]["shown"]["when"]["metric"]
    )


def change(document, value, way=("rocket", "parts", 0, "length")):
    document.edit([Change("set", way, value)])
    document.save()


def test_what_was_saved_is_kept_with_what_it_did(document):
    keep(document)
    change(document, "120 mm")
    keep(document)
    keep(document)  # the same: not twice
    change(document, "9 cm")
    keep(document)
    found, git = versions_of(document)
    assert not git and len(found) == 3 and "9 cm" in found[0].texts["rocket"]
    rows = history([{"texts": dict(v.texts)} for v in found], document.place)
    (one,) = rows[0]["changes"]
    assert one["path"].endswith("length") and (one["was"], one["is"]) == ("120 mm", "9 cm")
    now, _ = unframed(answer(document.said, document.place, settled=False))
    apogee = next(i["value"] for i in now["strip"] if i["name"] == "apogee_agl")
    assert rows[0]["numbers"]["apogee_agl"]["value"] == apogee != rows[1]["numbers"]["apogee_agl"]["value"]
    assert rows[2]["changes"] == [] and history([{"texts": {"launch": "a: ["}}], document.place)[0]["error"]


def test_what_is_kept_stays_in_the_project_and_is_read_with_care(document, tmp_path):
    away = tmp_path / "away"
    away.mkdir()
    hidden = document.path.parent / ".downrange"
    hidden.symlink_to(away)
    with pytest.raises(InputError, match="leads out"):
        keep(document)
    assert list(away.iterdir()) == []
    hidden.unlink()
    keep(document)
    (stored,) = (hidden / "history").iterdir()
    for text in ("{}", '[{"texts": {"launch": 3}}]', '[{"texts": {"/etc/x": "a"}}]', "[null]"):
        stored.write_text(text, encoding="utf-8")
        if text == "{}":
            with pytest.raises(InputError, match="not the history"):
                versions_of(document)
            continue
        with pytest.raises(InputError, match="not the history"):
            versions_of(document)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")
def test_the_history_of_git_is_told_and_runs_nothing_of_the_repository(document, tmp_path):
    top = document.path.parent

    def git(*said):
        who = ("-c", "user.name=Ada {b}", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *who, "-C", str(top), *said], check=True, capture_output=True)

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "First")
    trap = tmp_path / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/owned\n", encoding="utf-8")
    trap.chmod(0o755)
    for name in ("core.fsmonitor", "gpg.program", "core.pager", "diff.external", "core.sshCommand"):
        git("config", name, str(trap))
    git("config", "log.showSignature", "true")
    change(document, "120 mm")
    git("-c", "core.fsmonitor=false", "commit", "-qam", "A longer nose")
    (tmp_path / "owned").unlink(missing_ok=True)
    found, is_git = versions_of(document)
    assert is_git and [v.words for v in found] == ["A longer nose", "First"] and found[0].who == "Ada {b}"
    assert "120 mm" in found[0].texts["rocket"] and "120 mm" not in found[1].texts["rocket"]
    assert not (tmp_path / "owned").exists()
    keep(document)
    assert not (top / ".downrange").exists()


def test_a_variant_is_a_launch_that_the_command_line_flies(document, call):
    change(document, "120 mm")
    path = save_variant(document, "long nose")
    document.undo()
    document.save()
    assert variants_of(document) == {"long nose": path} and Document.open(path.parent).path == document.path
    head, block = unframed(flown_beside(Document.open(path).said, Document.open(path).place, "long nose"))
    assert head["beside"] == "long nose" and block.size
    code, out, _ = call("fly", path, "--json")
    assert code == 0
    mass = next(i["value"] for i in head["strip"] if i["name"] == "liftoff_mass")
    assert mass == json.loads(out)["liftoff_mass_kg"]
    own, _ = unframed(answer(document.said, document.place, settled=False))
    assert mass != next(i["value"] for i in own["strip"] if i["name"] == "liftoff_mass")
    for name in ("long nose", "../x", "", "a/b", ".hidden", "x" * 41, "a\nb"):
        with pytest.raises(InputError):
            save_variant(document, name)
    assert document.path.with_name("rocket.long nose.yaml").is_file()


def test_differences_are_said_in_the_words_of_the_files(document):
    said = document.said
    other = json.loads(json.dumps(said))
    assert differences(said, other, document.place) == ()
    was = other["rocket"]["parts"][0]["length"]
    other["rocket"]["parts"][0]["length"] = "200 mm"
    (one,) = differences(said, other, document.place)
    assert (one.path, one.was, one.is_) == ("rocket.parts[0].length", was, "200 mm")
    del other["rocket"]["parts"][0]["length"]
    with pytest.raises(InputError):
        differences(said, other, document.place)


def test_a_log_is_laid_over_as_it_was_reconstructed(document, tmp_path):
    t = np.arange(0, 60, 0.1)
    height = np.where(t < 5, 0, np.clip(80 * (t - 5) - 4.9 * (t - 5) ** 2, 0, None))
    height = np.where(t > 5 + 80 / 9.8, np.clip(326.5 - 8 * (t - 5 - 80 / 9.8), 0, None), height)
    path = tmp_path / "log.csv"
    path.write_text(
        "time_s,altitude_m\n" + "\n".join(f"{a:.2f},{h:.2f}" for a, h in zip(t, height, strict=True)), encoding="utf-8"
    )
    head, block = unframed(logged(path, "log.csv", document.said, document.place))
    assert head["error"] is None and head["log"] and head["beside"] == "log.csv"
    names = head["series"]["names"]
    assert np.nanmax(block[names.index("height")]) == pytest.approx(326.5, rel=0.06)
    top = float(block[names.index("time")][np.nanargmax(block[names.index("height")])])
    assert top == pytest.approx(80 / 9.8, abs=1.0)
    assert np.isnan(block[names.index("thrust")]).all()
    path.write_text("hello", encoding="utf-8")
    assert unframed(logged(path, "log.csv", document.said, document.place))[0]["error"]["text"]


@pytest.fixture
def grains(document):
    path = document.path.parent / "motor.yaml"
    path.write_text(MOTOR, encoding="utf-8")
    return path


def test_the_motor_room_burns_as_the_command_line_does(document, grains, call):
    from downrange.formats.yaml_edit import plain_values
    from downrange.formats.yaml_text import read_yaml

    data = plain_values(read_yaml(grains))
    told = burnt(data, grains, False, "quasi-steady")
    _, out, _ = call("motor", "simulate", grains, "--json")
    full = json.loads(out)
    assert told["figures"] == {k: v for k, v in full.items() if not isinstance(v, list) or k in ("alerts", "notes")}
    assert max(told["curves"]["thrust_n"]) == full["peak_thrust_n"] and max(told["curves"]["kn"]) == full["kn_peak"]
    (section,) = told["sections"]
    assert section["type"] == "bates" and section["count"] == 2 and section["burnt"][0] == 0
    assert all(b >= a for a, b in zip(section["burnt"], section["burnt"][1:], strict=False)) and section["burnt"][
        -1
    ] == pytest.approx(1, abs=0.02)
    picture = np.array(section["picture"]).reshape(section["across"], -1)
    inside = picture != 255
    assert inside.mean() == pytest.approx(math.pi / 4, abs=0.03)
    assert (picture == 0).sum() / inside.sum() == pytest.approx((5 / 15) ** 2, abs=0.03)  # the core
    wider = burnt({**data, "nozzle": {**data["nozzle"], "throat": "4.4 mm"}}, grains, False, "quasi-steady")
    assert wider["figures"]["peak_pressure_pa"] < told["figures"]["peak_pressure_pa"]
    assert "above 0" in burnt({**data, "nozzle": {**data["nozzle"], "throat": "0 mm"}}, grains, False)["error"]


def test_a_motor_file_is_edited_with_its_comments_and_never_made_wrong(document, grains):
    document.edit([Change("set", ("motor",), "motor.yaml")])
    document.save()
    opened = Document.open(document.path)
    assert opened.motor_said["nozzle"]["throat"] == "4 mm" and opened.said["motor"] == "motor.yaml"
    change(opened, "4.2 mm", ("motor", "nozzle", "throat"))
    assert grains.read_text(encoding="utf-8") == MOTOR.replace("throat: 4 mm", "throat: 4.2 mm")
    opened.edit([Change("set", ("motor", "nozzle", "throat"), "-1 mm")])
    with pytest.raises(InputError, match="throat"):
        opened.save()
    assert "4.2 mm" in grains.read_text(encoding="utf-8")
    opened.undo()
    opened.undo()
    opened.save()
    assert grains.read_text(encoding="utf-8") == MOTOR


def test_the_start_page_offers_examples_and_what_was_opened_last(client, settings, folder, tmp_path):
    from downrange.project.recent import remember_opened
    from downrange.project.starters import examples

    told = client.get("/api/start").json()
    assert set(told["examples"]) == {p.parent.name for p in EXAMPLES.glob("*/launch.yaml")} and told["recent"] == []
    assert all(told["examples"].values()) and examples() == told["examples"]
    made = client.post("/api/new", json={"example": "genesis", "name": ""})
    assert made.json() == {"name": "genesis"} and Document.open(folder / "genesis").project().launch.rocket
    assert client.post("/api/new", json={"example": "../first_rocket"}).status_code == 400
    assert client.post("/api/new", json=[1]).status_code == 400
    other = tmp_path / "elsewhere"
    shutil.copytree(EXAMPLES / "tarc", other)
    remember_opened(other / "launch.yaml")
    remember_opened(folder / "genesis" / "launch.yaml")
    remember_opened(other / "launch.yaml")
    listed = client.get("/api/start").json()["recent"]
    assert [r["name"] for r in listed] == ["elsewhere", "genesis"]
    with client.websocket_connect("/live", headers={"host": "127.0.0.1:8123"}) as line:
        line.send_json({"token": settings.token, "project": listed[0]["key"]})
        assert line.receive_json()["said"]["rocket"]
    for wrong in ("recent:" + "0" * 16, "recent:../x", "../elsewhere"):
        with client.websocket_connect("/live", headers={"host": "127.0.0.1:8123"}) as line:
            line.send_json({"token": settings.token, "project": wrong})
            assert line.receive_json()["type"] == "closed"


def test_a_log_comes_in_by_its_name_only(client, tmp_path):
    before = set(tmp_path.rglob("*"))
    for name in ("../../x.csv", "..%2F..%2Fx.csv", "%00", "a" * 400):
        answered = client.post(
            "/api/log", headers={"x-name": name, "x-project": "first_rocket"}, content=b"time,height\n0,1\n"
        )
        assert answered.status_code in (200, 400)
        if answered.status_code == 200:
            assert unframed(answered.content)[0]["error"]
    assert client.post("/api/log", headers={"x-project": "../x"}, content=b"").status_code == 400
    assert {p for p in set(tmp_path.rglob("*")) - before if "state" not in p.parts} == set()


class Here:
    """Answers in this process."""

    async def told(self, function, *given, **named):
        return function(*given, **named)

    attempt = call = while_wanted = told

    def stop(self):
        pass

    def close(self):
        pass


def asked(document, *messages):
    """What a page is told that asks these."""
    import asyncio

    from downrange.console.workspace import Workspace

    got = []

    async def send(what):
        got.append(unframed(what)[0] if isinstance(what, bytes) else what)

    async def go():
        room = Workspace(document, Here())
        room.scatterer = Here()
        for m in messages:
            await room.take(m, send)

    asyncio.run(go())
    return got


def test_questions_are_answered_and_nonsense_is_refused(document, grains):
    before = json.loads(json.dumps(document.said))
    save_variant(document, "as it was")
    change(document, "120 mm")
    told = asked(
        document, {"do": "differ", "before": before}, {"do": "beside", "what": "variant", "name": "as it was"},
        {"do": "beside", "what": "motor", "name": "Estes B6"}, {"do": "burn"}, {"do": "history"}, {"do": "keep", "name": "nose"},
    )  # fmt: skip
    assert [c["is"] for c in told[0]["changes"]] == ["120 mm"]
    assert told[1]["beside"] == "as it was" and told[2]["beside"] == "Estes B6" and "B6" in told[2]["title"]
    assert told[3]["none"] and told[4]["variants"] == ["as it was"] and told[5]["variants"] == ["as it was", "nose"]
    document.edit([Change("set", ("motor",), "motor.yaml")])
    document.save()
    opened = Document.open(document.path)
    first, second, third = asked(
        opened, {"do": "burn"}, {"do": "burn", "changes": [{"way": ["nozzle", "throat"], "value": "4.4 mm"}]},
        {"do": "burn", "level": "quasi-steady", "changes": [{"way": ["grains", 0, "count"], "value": 1}]},
    )  # fmt: skip
    assert first["figures"]["level"] == "transient" and third["figures"]["level"] == "quasi-steady"
    assert second["figures"]["throat_start_m"] == pytest.approx(0.0044) and third["sections"][0]["count"] == 1
    nonsense = (
        {"do": "differ", "before": 3}, {"do": "beside", "what": "variant", "name": "../x"}, {"do": "beside", "name": {}}, {"do": "keep"},
        {"do": "keep", "name": "<script>"}, {"do": "burn", "changes": "x"}, {"do": "burn", "changes": [3]}, {"do": ["judge"]},
        {"do": "burn", "changes": [{"way": ["grains", 9, "core"], "value": 1}]}, {"do": "burn", "changes": [{"way": [], "value": 1}]},
    )  # fmt: skip
    assert [t["type"] for t in asked(opened, *nonsense)] == ["refused"] * len(nonsense)
    wrong = asked(
        opened,
        {"do": "beside", "what": "motor", "name": "<b>"},
        {"do": "burn", "changes": [{"way": ["nozzle"], "value": "<b>"}]},
    )
    assert wrong[0]["error"]["text"] and wrong[1]["error"]


def counting(watched, path):
    """Work in steps for ever, each told to a file."""
    from downrange.steps import advance

    while True:
        with path.open("a") as f:
            f.write(".")
        advance(0)


def test_what_is_not_wanted_any_more_is_stopped(tmp_path):
    """Work that may be stopped ends at its next step, as does such as waits behind it; what is asked afterwards is done."""
    import asyncio

    steps = tmp_path / "steps"

    async def story():
        pilot = Pilot()
        try:
            running = asyncio.create_task(pilot.while_wanted(counting, None, steps))
            while not steps.exists():
                await asyncio.sleep(0.05)
            waiting = asyncio.create_task(pilot.while_wanted(max, 1, 2))
            await asyncio.sleep(0)
            assert not running.done()
            pilot.stop()
            assert await running is None and await waiting is None
            return await pilot.while_wanted(max, 3, 4), await pilot.call(os.getpid), pilot.restarts
        finally:
            pilot.close()

    answered, process, restarts = asyncio.run(story())
    assert answered == 4 and process != os.getpid() and restarts == 0


def test_the_first_flight_is_found_flown(document):
    """What was begun before the server is there is the answer to the first question about the same project, once; another is flown."""
    import asyncio

    async def story(pilot, said):
        got = [await pilot.answer(said, document.place, settled=False)]
        pilot.attempt = anew
        got += [await pilot.answer(said, document.place, settled=False)]
        pilot._early = document.said, None
        return got + [await pilot.answer({**said, "name": "another"}, document.place, settled=False)]

    async def anew(*given, **named):
        return b"anew"

    pilot = Pilot()
    try:
        pilot.begin(document.said, document.place)
        first, *others = asyncio.run(story(pilot, document.said))
    finally:
        pilot.close()
    head, block = unframed(first)
    here, _ = unframed(answer(document.said, document.place, settled=False))
    assert head["error"] is None and block.size and others == [b"anew", b"anew"]
    assert [i["shown"] for i in head["strip"]] == [i["shown"] for i in here["strip"]]


def test_the_band_comes_after_the_numbers_and_is_given_up_for_a_change(document):
    """At rest the numbers of `fly` come first, then how well the apogee is known; while that is sought, a slider is answered at once."""
    import asyncio

    from downrange.console.workspace import Workspace

    asked, told = [], []

    class Slow(Pilot):
        async def answer(self, said, place, *, settled):
            asked.append("quick")
            return b"quick"

        async def while_wanted(self, function, said, place, *, settled, band):
            asked.append("band" if band else "settled")
            if band:
                await gate.wait()
            return None if band and stops else b"band" if band else b"settled"

        def stop(self):
            stops.append(asked[-1:])

        async def load_kernel(self, said, place):
            pass

    async def page(what):
        if isinstance(what, bytes):
            told.append(what)

    async def story():
        room = Workspace(document, Slow())
        room._pages.add(page)
        room.begin()
        stops.clear()
        while asked[-1:] != ["band"]:
            await asyncio.sleep(0)
        await room.take({"do": "try", "way": NOSE, "value": "110 mm"}, page)
        assert stops == [["band"]]
        gate.set()
        await room._flying
        assert told == [b"quick", b"settled", b"quick"] and asked == ["quick", "settled", "band", "quick"]
        stops.clear()
        room._fly_settled()
        stops.clear()
        await room._flying

    gate, stops = asyncio.Event(), []
    asyncio.run(story())
    assert told[3:] == [b"quick", b"settled", b"band"]


def test_many_flights_are_of_the_project_as_it_is(document):
    """Landings of a project that was changed meanwhile are told to nobody, and few of what it is now follow by themselves."""
    import asyncio

    from downrange.console.workspace import Workspace

    asked, told, stopped = [], [], []

    class Slow(Pilot):
        def stop(self):
            stopped.append(len(asked))

        async def while_wanted(self, function, said, place, flights):
            asked.append((flights, said["rocket"]["parts"][0]["length"]))
            await gate.wait()
            return None if stopped[-1:] == [len(asked)] else b"%d" % flights

    async def page(what):
        told.append(what)

    async def story():
        room = Workspace(document, Pilot())
        room.scatterer = Slow()
        room._pages.add(page)
        await room.take({"do": "scatter", "flights": 10_000}, page)
        await asyncio.sleep(0)
        room._fly_settled = lambda: None
        await room.take({"do": "edit", "changes": [{"kind": "set", "way": NOSE, "value": "120 mm"}]}, page)
        assert stopped[-1] == 1
        gate.set()
        await room._many
        told[:] = [t for t in told if isinstance(t, bytes)]
        await room.take({"do": "scatter", "flights": 300}, page)
        await room._many

    gate = asyncio.Event()
    before = document.said["rocket"]["parts"][0]["length"]
    asyncio.run(story())
    assert asked == [(10_000, before), (200, "120 mm"), (300, "120 mm")] and told == [b"200", b"300"]


def test_few_flights_are_of_what_is_dragged(document):
    """And the project stays as it is."""
    before = document.said["rocket"]["parts"][0]["length"]
    way = ["rail", "length"]
    told = asked(
        document,
        {"do": "scatter", "flights": 7, "way": [], "value": 1},
        {"do": "scatter", "flights": 7, "way": way, "value": "<b>"},
    )
    assert told[0]["type"] == "refused"
    got = []

    async def page(what):
        got.append(unframed(what)[0])

    async def story():
        from downrange.console.workspace import Workspace

        room = Workspace(document, Here())
        room.scatterer = Here()
        room._pages.add(page)
        for said in ({"way": way, "value": "0.6 m"}, {"way": way, "value": "<b>"}, {}):
            await room.take({"do": "scatter", "flights": 7, **said}, page)
            await room._many

    import asyncio

    asyncio.run(story())
    assert [h["tried"] for h in got] == [True, True, False] and got[1]["error"]["text"] and got[0]["flights"] == 7
    assert got[0]["bands"] == {} and document.said["rocket"]["parts"][0]["length"] == before and not document.unsaved


def test_pages_are_told_when_many_flights_are_compiled(document):
    """Once, after the numbers at rest; a page that opens later is told before it is shown anything."""
    import asyncio

    from downrange.console.workspace import Workspace

    compiled = iter([False, True, True, True])

    class Slow(Pilot):
        async def answer(self, said, place, *, settled):
            return b"quick"

        async def while_wanted(self, function, said, place, *, settled, band):
            return b"band" if band else b"settled"

        async def load_kernel(self, said, place):
            return next(compiled)

    told, later = [], []

    async def page(what):
        told.append(what)

    async def second(what):
        later.append(what)

    async def story():
        room = Workspace(document, Slow())
        room._pages.add(page)
        room._fly_settled()
        await room._flying
        assert told == [b"quick", b"settled", b"band", {"type": "many"}]
        told.clear()
        room._fly_settled()
        await room._flying
        assert told == [b"quick", b"settled", b"band"]
        await room.join(second)
        assert later[1:] == [{"type": "many"}, b"band"] and later[0]["type"] == "state"
        room.leave(second)
        room.leave(page)

    asyncio.run(story())


def test_how_far_it_lands_has_a_band_too(document):
    head, block = unframed(landings(document.said, document.place, 200))
    low, high = (float(w.split()[0]) for w in head["bands"]["landing_distance"]["metric"].split("…"))
    away = np.hypot(*block[:2, block[2] == 0])
    assert np.quantile(away, 0.05) == pytest.approx(low, rel=6e-3) and np.quantile(away, 0.95) == pytest.approx(
        high, rel=6e-3
    )
