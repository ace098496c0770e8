"""Questions that no page asks, put to the studio's server after its own description: each answer is one that the description knows."""

import shutil
import socket
import threading
import time
from pathlib import Path

import pytest

uvicorn = pytest.importorskip("uvicorn", reason="the extra 'web' is not installed")
schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
import requests  # noqa: E402
from hypothesis import HealthCheck, settings  # noqa: E402

from downrange.console.app import Settings, create_app  # noqa: E402
from downrange.console.openapi import DESCRIPTION  # noqa: E402

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
CHECKS = [
    getattr(schemathesis.checks, name)
    for name in (
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
    )
]
schema = schemathesis.openapi.from_dict(DESCRIPTION)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("studio")
    shutil.copytree(EXAMPLES / "first_rocket", folder / "work" / "first_rocket")
    return folder


@pytest.fixture(scope="module")
def served(place):
    """The settings of a studio that listens on a port of this machine."""
    listening = socket.create_server(("127.0.0.1", 0))
    told = Settings(None, place / "work", listening.getsockname()[1])
    server = uvicorn.Server(uvicorn.Config(create_app(told), log_level="critical", ws="websockets-sansio"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(place / "state"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield told
        server.should_exit = True
        thread.join(60)


def address(told):
    return told.address.partition("/#")[0]


def test_every_route_is_described(served):
    url = f"{address(served)}/api/openapi.json"
    routes = {r.path for r in create_app(served).routes if r.path.startswith(("/api/", "/tiles/"))} - {
        "/api/openapi.json"
    }
    assert routes == set(DESCRIPTION["paths"])
    assert requests.get(url, headers={"Authorization": f"Bearer {served.token}"}, timeout=60).json() == DESCRIPTION
    assert requests.get(url, timeout=60).status_code == 403


def strangers(place):
    return {p for p in place.rglob("*") if p.relative_to(place).parts[0] not in ("work", "state")}


@schema.parametrize()
@settings(max_examples=12, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
def test_each_answer_is_as_it_is_described(case, served, place):
    before = strangers(place)
    answered = case.call(base_url=address(served), headers={"Authorization": f"Bearer {served.token}"}, timeout=120)
    case.validate_response(answered, checks=CHECKS)
    sent = answered.request.headers.get("Authorization")
    assert (answered.status_code == 403) == (sent != f"Bearer {served.token}")
    assert strangers(place) == before == set()
