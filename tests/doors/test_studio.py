"""The studio's server: the numbers of the command line, whom it answers, and what it does with what it is told."""

import json
import shutil
import threading
import time
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("starlette", reason="the extra 'web' is not installed")
from starlette.testclient import TestClient  # noqa: E402
from starlette.websockets import WebSocketDisconnect  # noqa: E402

from downrange.console.answers import answer, unframed  # noqa: E402
from downrange.console.app import Settings, create_app  # noqa: E402
from downrange.console.landing import landings  # noqa: E402
from downrange.frames import rail_direction_enu  # noqa: E402
from downrange.project.document import Document  # noqa: E402

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
ADDRESS = "http://127.0.0.1:8123"


@pytest.fixture
def settings(tmp_path):
    shutil.copytree(EXAMPLES / "first_rocket", tmp_path / "first_rocket")
    return Settings(None, tmp_path, 8123)


@pytest.fixture
def client(settings):
    with TestClient(create_app(settings), base_url=ADDRESS) as made:
        yield made


def key(settings):
    return {"Authorization": f"Bearer {settings.token}"}


@pytest.mark.parametrize("name", ["first_rocket", "strap_on"])
def test_its_numbers_are_those_of_the_command_line_to_the_last_digit(name, call):
    document = Document.open(EXAMPLES / name)
    head, block = unframed(answer(document.said, document.place, settled=True))
    code, out, _ = call("fly", EXAMPLES / name / "launch.yaml", "--json")
    told = json.loads(out)
    band = told.pop("apogee_band")
    assert code == 0 and head["error"] is None and head["figures"] == told
    assert band is None or {k: v for k, v in head["apogee_band"].items() if k != "shown"} == band
    at = head["series"]["names"].index
    assert np.nanmax(block[at("height")]) == pytest.approx(told["apogee_agl_m"], rel=1e-6)
    assert np.nanmax(block[at("speed")]) == pytest.approx(told["max_speed_m_s"], rel=1e-3)
    assert block[at("time")][-1] == pytest.approx(told["flight_time_s"], rel=1e-6)
    assert block[at("east")][-1] == pytest.approx(told["landing_east_m"], abs=0.01)
    assert block[at("north")][-1] == pytest.approx(told["landing_north_m"], abs=0.01)
    w, x, y, z = (float(block[at(q)][0]) for q in ("qw", "qx", "qy", "qz"))
    rail = document.project().launch.rail
    nose = (1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y))
    np.testing.assert_allclose(nose, rail_direction_enu(rail.azimuth, rail.elevation), atol=1e-6)
    strip = {i["name"]: i for i in head["strip"]}
    assert strip["apogee_agl"]["value"] == told["apogee_agl_m"] and strip["static_margin"]["state"] == "good"
    assert head["cp"] > head["cg"] > 0 and {s["kind"] for s in head["drawing"]["shapes"]} >= {"body", "fin", "motor"}


def test_the_strip_says_why_it_is_red_and_what_to_do():
    document = Document.open(EXAMPLES / "first_rocket")
    said = document.said
    fins = next(p for p in said["rocket"]["parts"][1]["parts"] if "fins" in p["type"])
    head, _ = unframed(
        answer(
            {**said, "rocket": {**said["rocket"], "parts": _smaller(said["rocket"]["parts"], fins)}},
            document.place,
            settled=False,
        )
    )
    margin = next(i for i in head["strip"] if i["name"] == "static_margin")
    assert margin["state"] == "bad" and "Bigger fins" in margin["why"]["metric"][0] and not head["fit_to_fly"]
    assert margin["shown"]["us"].endswith(" cal")


def _smaller(parts, fins):
    out = []
    for p in parts:
        p = {**p, "parts": _smaller(p["parts"], fins)} if "parts" in p else p
        out.append({**p, "span": "5 mm"} if p == fins else p)
    return out


def test_what_is_explained_is_what_the_command_line_says(call):
    from downrange.console.answers import TOPIC_OF
    from downrange.console.explaining import explained
    from downrange.report.explain import TOPICS

    assert set(TOPIC_OF.values()) <= set(TOPICS)
    document = Document.open(EXAMPLES / "first_rocket")
    head, _ = unframed(answer(document.said, document.place, settled=False))
    assert {i["name"] for i in head["strip"] if i["topic"] is None} == {"min_stability", "flight_time"}
    code, out, _ = call("explain", "margin", document.path, "--json")
    told = explained(document.said, document.place, "margin")
    assert code == 0 and {k: v for k, v in told.items() if k != "type"} == json.loads(out)
    assert "<b>" in explained(document.said, document.place, "<b>")["error"]


def test_a_wrong_project_is_an_answer():
    document = Document.open(EXAMPLES / "first_rocket")
    head, block = unframed(answer({**document.said, "motor": "Estes Z99"}, document.place, settled=False))
    assert "Z99" in head["error"]["text"] and block.size == 0


def test_where_they_land_is_the_campaign_of_disperse():
    from downrange.project import disperse

    document = Document.open(EXAMPLES / "first_rocket")
    head, block = unframed(landings(document.said, document.place, 300, seed=2))
    campaign = disperse(document.path, 300, seed=2)
    assert block.shape == (3, int(campaign.landed.sum()))
    np.testing.assert_allclose(np.sort(block[0]), np.sort(campaign.landing[campaign.landed, 0]), rtol=1e-6)
    assert sum(m["probability"] for m in head["modes"]) == pytest.approx(1)
    low, high = (float(w.split()[0].replace(",", "")) for w in head["bands"]["apogee_agl"]["metric"].split(" … "))
    normal = campaign["apogee_agl_m"][campaign["mode"] == 0]
    assert (low, high) == pytest.approx(np.quantile(normal, (0.05, 0.95)), rel=2e-3)


def test_it_answers_its_own_page_only(client, settings):
    assert client.get("/api/start", headers=key(settings)).json()["projects"] == [{"name": "first_rocket"}]
    assert client.get("/api/start").status_code == 403
    assert client.get("/api/start", headers={"Authorization": "Bearer x"}).status_code == 403
    assert client.get("/api/start", headers={**key(settings), "Host": "evil.example:8123"}).status_code == 403
    assert client.get("/api/start", headers={**key(settings), "Host": "127.0.0.1.evil.example:8123"}).status_code == 403
    assert client.get("/api/start", headers={**key(settings), "Origin": "http://evil.example"}).status_code == 403
    assert client.get("/api/start", headers={**key(settings), "Origin": ADDRESS}).status_code == 200
    seen = client.get("/").headers
    assert "default-src 'self'" in seen["content-security-policy"] and "unsafe" not in seen["content-security-policy"]


@pytest.mark.parametrize(
    "path", ["/../app.py", "/%2e%2e/app.py", "/..%2fapp.py", "/%2e%2e%2f%2e%2e%2fcli/fly.py", "/app.py", "//etc/passwd"]
)
def test_no_file_outside_the_pages_is_served(client, path):
    answered = client.get(path)
    assert answered.status_code in (404, 503) and "import" not in answered.text


@pytest.mark.parametrize(
    "headers", [{"host": "127.0.0.1:8123", "origin": "http://evil.example"}, {"host": "evil.example"}]
)
def test_no_socket_for_other_pages(client, headers):
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/live", headers=headers) as line:
        line.receive_text()


def test_no_socket_without_the_token(client):
    with client.websocket_connect("/live", headers={"host": "127.0.0.1:8123"}) as line:
        line.send_json({"token": "wrong", "project": "first_rocket"})
        with pytest.raises(WebSocketDisconnect):
            line.receive_json()


class Page:
    """A page's socket, with its messages read beside."""

    def __init__(self, line, settings, project="first_rocket"):
        self.line, self.states, self.answers, self.refused = line, [], [], []
        line.send_json({"token": settings.token, "project": project})
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        while True:
            try:
                got = self.line.receive()
            except Exception:  # the test is over
                return
            if got["type"] == "websocket.close":
                return
            if got.get("bytes"):
                self.answers.append(unframed(got["bytes"])[0])
            elif got.get("text"):
                said = json.loads(got["text"])
                if said["type"] != "many":
                    (self.states if said["type"] == "state" else self.refused).append(said)

    def until(self, what, patience=120):
        end = time.monotonic() + patience
        while not what():
            assert time.monotonic() < end, (self.refused, len(self.states), len(self.answers))
            time.sleep(0.02)


def apogee_of(answer):
    return next(item["value"] for item in answer["strip"] if item["name"] == "apogee_agl")


def test_a_page_changes_the_files_and_sees_it_fly(client, settings, tmp_path):
    path = tmp_path / "first_rocket" / "rocket.yaml"
    way = ["rocket", "parts", 0, "length"]
    with client.websocket_connect("/live", headers={"host": "127.0.0.1:8123", "origin": ADDRESS}) as line:
        page = Page(line, settings)
        page.until(lambda: any(a["settled"] for a in page.answers))
        first = apogee_of(page.answers[-1])
        line.send_json({"do": "try", "way": way, "value": "90 mm"})
        page.until(lambda: not page.answers[-1]["settled"])
        assert path.read_text(encoding="utf-8").count("90 mm") == 0 and apogee_of(page.answers[-1]) != first
        line.send_json({"do": "edit", "changes": [{"kind": "set", "way": way, "value": "90 mm"}]})
        page.until(lambda: "length: 90 mm" in path.read_text(encoding="utf-8"))
        page.until(lambda: page.states[-1]["undo"] and not page.states[-1]["unsaved"])
        line.send_json({"do": "edit", "changes": [{"kind": "set", "way": way, "value": "-90 mm"}]})
        page.until(lambda: page.states[-1]["unsaved"] and page.answers[-1]["error"])
        assert "length: 90 mm" in path.read_text(encoding="utf-8")
        line.send_json({"do": "undo"})
        line.send_json({"do": "undo"})
        page.until(
            lambda: not page.states[-1]["undo"] and page.answers[-1]["error"] is None and page.answers[-1]["settled"]
        )
        assert apogee_of(page.answers[-1]) == first and "length: 90 mm" not in path.read_text(encoding="utf-8")
        for nonsense in (
            "{",
            "[]",
            "3",
            '{"do": "format"}',
            '{"do": "edit"}',
            '{"do": "edit", "changes": [{"kind": "set", "way": ["rocket", "parts", 99], "value": 1}]}',
            '{"do": "scatter", "flights": 1e9}',
        ):
            before = len(page.refused)
            line.send_text(nonsense)
            page.until(lambda n=before: len(page.refused) > n)
        assert all("Traceback" not in r["text"] for r in page.refused)
        path.write_text(
            path.read_text(encoding="utf-8").replace("name:", "# by another program\nname:", 1), encoding="utf-8"
        )
        page.until(lambda: "by another program" in page.states[-1]["texts"]["rocket"])


def test_a_flight_process_that_dies_is_started_again(client, settings, tmp_path):
    import asyncio
    import os

    from downrange.console.worker import Pilot

    async def go():
        pilot = Pilot()
        pilot.start()
        assert await pilot.call(os.getpid) != os.getpid()
        with pytest.raises(Exception, match="terminated abruptly|process pool"):
            await pilot.call(os._exit, 3)
        document = Document.open(tmp_path / "first_rocket")
        head, _ = unframed(await pilot.answer(document.said, document.place, settled=False))
        pilot.close()
        return head, pilot.restarts

    head, restarts = asyncio.run(go())
    assert head["error"] is None and restarts == 1


@pytest.mark.parametrize("name", ["../out", "..", "", "/etc", "a/../../b", "x\0y", "con" * 200])
def test_a_project_is_made_in_its_folder_only(client, settings, tmp_path, name):
    before = set(tmp_path.parent.iterdir())
    answered = client.post("/api/new", headers=key(settings), json={"name": name, "template": "kit"})
    assert answered.status_code == 400 or (tmp_path / answered.json()["name"]).resolve().is_relative_to(tmp_path)
    assert set(tmp_path.parent.iterdir()) == before


def test_a_new_rocket_and_a_design_of_another_program(client, settings, tmp_path):
    made = client.post("/api/new", headers=key(settings), json={"name": "mine", "template": "kit"})
    assert made.json() == {"name": "mine"} and (tmp_path / "mine" / "launch.yaml").is_file()
    assert client.post("/api/new", headers=key(settings), json={"name": "mine", "template": "kit"}).status_code == 400
    refused = client.post("/api/import", headers={**key(settings), "x-name": "x.ork"}, content=b"not a design")
    assert refused.status_code == 400 and refused.json()["error"]
    assert client.post("/api/import", headers={**key(settings), "x-name": "x.exe"}, content=b"").status_code == 400
    assert client.get("/api/motors?q=54 mm J", headers=key(settings)).json()[0]["class"] == "J"
    fields = client.get("/api/fields", headers=key(settings)).json()
    assert {f["name"] for f in fields["parts"]["nose cone"]} >= {"shape", "length", "wall"} and fields["units"][
        "length"
    ]["us"][0] == "ft"
