"""The types of the studio's messages: the page's are made from the server's, and the server's own answers are of them, key by key."""

import dataclasses
import importlib.util
import json
import types
import typing
from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue

pytest.importorskip("starlette", reason="the extra 'web' is not installed")
from test_studio_rooms import ADDRESS, EXAMPLES, asked, client, document, folder, grains, settings  # noqa: E402, F401

from downrange.console import heads, messages  # noqa: E402
from downrange.console.answers import answer, unframed  # noqa: E402
from downrange.console.beside import logged  # noqa: E402
from downrange.console.burning import burnt  # noqa: E402
from downrange.console.judging import judged  # noqa: E402
from downrange.console.landing import landings  # noqa: E402
from downrange.formats.yaml_edit import plain_values  # noqa: E402
from downrange.formats.yaml_text import read_yaml  # noqa: E402
from downrange.project.document import Change, Document  # noqa: E402
from downrange.project.history import keep  # noqa: E402
from downrange.project.recent import remember_opened  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
GROUND = {"shapes": [{"name": "field", "kind": "boundary", "radius": "600 m"}]}


def wrong(value: Any, hint: Any, at: str = "") -> list[str]:
    """Where a value that came as JSON is not of a type; no number passes for a flag, and no key that the type does not name."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if hint in (Any, JsonValue):
        return []
    if typing.is_typeddict(hint):
        if not isinstance(value, dict):
            return [f"{at}: {value!r} is no {hint.__name__}"]
        hints = typing.get_type_hints(hint, include_extras=True)
        bad = [f"{at}.{k}: not named" for k in value.keys() - hints.keys()]
        bad += [f"{at}.{k}: missing" for k, h in hints.items() if k not in value and _bare(h) is h]
        return bad + [w for k, h in hints.items() if k in value for w in wrong(value[k], _bare(h), f"{at}.{k}")]
    if origin is list:
        each = [(v, inner[0]) for v in value] if isinstance(value, list) else None
    elif origin is tuple:
        each = list(zip(value, inner)) if isinstance(value, list) and len(value) == len(inner) else None
    elif origin is dict:
        each = [(v, inner[1]) for v in value.values()] if isinstance(value, dict) else None
    else:
        return [] if _plain(value, hint) else [f"{at}: {value!r} is no {hint}"]
    return [f"{at}: {value!r} is no {hint}"] if each is None else [w for v, h in each for w in wrong(v, h, f"{at}[]")]


def _bare(hint):
    return typing.get_args(hint)[0] if typing.get_origin(hint) is typing.NotRequired else hint


def _plain(value, hint):
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        return any(not wrong(value, h) for h in typing.get_args(hint))
    if typing.get_origin(hint) is typing.Literal:
        return any(value == a and type(value) is type(a) for a in typing.get_args(hint))
    return type(value) in {float: (float, int), type(None): (type(None),)}.get(hint, (hint,))


def holds(value, hint):
    """That a value is of a type, as it comes to a page."""
    assert wrong(json.loads(json.dumps(value)), hint) == []


def test_the_page_has_the_types_of_the_server():
    spec = importlib.util.spec_from_file_location("page_types", ROOT / "builders/page_types.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    assert made.PAGE.read_text(encoding="utf-8") == made.page_types(), f"run {made.COMMAND}"
    text = made.page_types()
    for line in (
        "export type Way = (string | number)[];", '  kind: "body" | "fin" | "inside" | "mark" | "motor";', "  points: [number, number][];", "  value?: Value;",
        "  units: Record<string, Unit>;", "  class: string;", "  figures?: Record<string, unknown>;", "  thrust_n: (number | null)[];", "  delays_s: number[] | null;",
    ):  # fmt: skip
        assert f"\n{line}\n" in text


def test_what_is_not_of_a_type_is_found():
    shape = {"part": "a", "kind": "fin", "points": [[0, 1.5]]}
    assert wrong(shape, heads.Shape) == []
    for bad in (
        {**shape, "kind": "wing"}, {**shape, "more": 1}, {k: v for k, v in shape.items() if k != "part"}, {**shape, "points": [[0, 1, 2]]},
        {**shape, "points": [[0, None]]}, {**shape, "points": [[True, 1]]}, {**shape, "points": {}}, {**shape, "part": None}, None,
    ):  # fmt: skip
        assert wrong(bad, heads.Shape), bad
    assert not wrong({"kind": "set", "way": ["a", 1]}, messages.Change)
    assert wrong({"kind": "set", "way": ["a", 1.5]}, messages.Change) and wrong(
        {"kind": "set", "way": "a"}, messages.Change
    )
    assert wrong({"kind": "set", "way": [], "index": True}, messages.Change)


def test_a_change_is_that_of_the_document():
    assert typing.get_type_hints(messages.Change).keys() == {f.name for f in dataclasses.fields(Change)}
    assert typing.get_type_hints(messages.Change)["kind"] == typing.get_type_hints(Change)["kind"]


@pytest.mark.parametrize("name", ["first_rocket", "strap_on"])
def test_flights_are_of_their_types(name):
    opened = Document.open(EXAMPLES / name)
    for settled, more in ((False, set()), (True, {"figures", "assumed", "apogee_band"})):
        head, _ = unframed(answer(opened.said, opened.place, settled=settled))
        holds(head, heads.Head)
        assert head.keys() & {"figures", "assumed", "apogee_band"} == more and head["strip"] and head["events"]
        assert head["drawing"]["shapes"]
    assert head["apogee_band"] is None or head["apogee_band"]["moved_most_by"]
    holds(unframed(answer({**opened.said, "motor": "Z99"}, opened.place, settled=False))[0], heads.Unflown)


def test_landings_are_of_their_type(document):  # noqa: F811
    document.edit([Change("set", ("site", "ground"), GROUND)])
    head, _ = unframed(landings(document.said, document.place, 60))
    holds(head, heads.ScatterHead)
    assert head["modes"] and head["bands"] and head["ellipse"] and head["shapes"]
    fault = unframed(landings({**document.said, "motor": "Z99"}, document.place, 60))[0]["error"]
    holds(fault, heads.Fault)


def test_what_is_laid_over_is_of_its_types(document, tmp_path):  # noqa: F811
    (beside,) = asked(document, {"do": "beside", "what": "motor", "name": "Estes B6"})
    holds(beside, heads.BesideHead)
    path = tmp_path / "log.csv"
    heights = [0.0] * 30 + [20.0 * k - 0.49 * k * k for k in range(41)] + [0.0] * 20
    path.write_text("time_s,altitude_m\n" + "".join(f"{k / 5},{h}\n" for k, h in enumerate(heights)), encoding="utf-8")
    log, _ = unframed(logged(path, "log.csv", document.said, document.place))
    holds(log, heads.LogHead)
    assert log["error"] is None and log["events"]


def test_answers_of_the_rooms_are_of_their_types(document, grains):  # noqa: F811
    before = document.said
    document.edit([Change("set", ("site", "ground"), GROUND)])
    document.save()
    keep(document)
    document.edit([Change("set", ("rocket", "parts", 0, "length"), "120 mm")])
    document.save()
    keep(document)
    topics = [{"do": "explain", "topic": t} for t in ("margin", "apogee", "<b>")]
    *sheets, nowhere, aim, unburnt, refused, history, differ = asked(
        document, *topics, {"do": "aim"}, {"do": "burn"}, {"do": "nothing"}, {"do": "keep", "name": "long nose"}, {"do": "differ", "before": before},
    )  # fmt: skip
    for told, hint in (
        (sheets[0], messages.Explained), (sheets[1], messages.Explained), (nowhere, messages.Unanswered), (aim, messages.Aiming), (unburnt, messages.Unburnt),
        (refused, messages.Refused), (history, messages.History), (differ, messages.Differ),
    ):  # fmt: skip
        holds(told, hint)
    assert sheets[0]["given"] and sheets[0]["steps"] and sheets[0]["moves"] and aim["aims"] and aim["reach"]
    assert (
        history["versions"][0]["changes"]
        and history["versions"][0]["numbers"]
        and history["variants"]
        and differ["changes"]
    )


def test_a_judgement_is_of_its_type(document):  # noqa: F811
    told = judged(document.said, document.place, 64)
    holds(told, messages.Judgement)
    assert {r["verdict"] for r in told["lines"]} == {"pass", "not evaluated"} and told["summary"]["risk"]
    holds(judged({**document.said, "motor": "Z99"}, document.place, 64), messages.Unanswered)


def test_a_firing_is_of_its_type(document, grains):  # noqa: F811
    data = plain_values(read_yaml(grains))
    told = burnt(data, grains, False, "quasi-steady")
    holds(told, messages.Burnt)
    assert told["sections"] and told["curves"]["kn"]
    hot = burnt({**data, "nozzle": {**data["nozzle"], "throat": "1.5 mm"}}, grains, False, "quasi-steady")
    holds(hot, messages.Burnt)
    assert hot["alerts"]
    holds(burnt({**data, "nozzle": {**data["nozzle"], "throat": "0 mm"}}, grains, False), messages.Unburnt)


def test_what_a_page_asks_for_and_how_things_stand_are_of_their_types(client, settings, folder):  # noqa: F811
    remember_opened(folder / "first_rocket" / "launch.yaml")
    start, fields, motors = (client.get(f"/api/{which}").json() for which in ("start", "fields", "motors?q=18 mm"))
    holds(start, messages.Start)
    holds(fields, messages.Fields)
    holds(motors, list[messages.Motor])
    assert start["recent"] and start["projects"] and fields["units"] and len(motors) > 10
    for project, hint in (("first_rocket", messages.State), ("../x", messages.Closed)):
        with client.websocket_connect("/live", headers={"host": ADDRESS.partition("//")[2]}) as line:
            line.send_json({"token": settings.token, "project": project})
            holds(line.receive_json(), hint)
