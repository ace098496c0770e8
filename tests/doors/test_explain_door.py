"""`downrange explain` and `--explain` on the cards, at 80 columns, metric and US."""

import json
import re

import pytest

from downrange.report.explain import TOPICS


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_fits_80_columns_and_ends_in_its_answer(project, call, monkeypatch, topic):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(project)
    site = project / "site.yaml"
    site.write_text(site.read_text(encoding="utf-8").replace("# ground:", "ground:").replace("#   ", "  "), encoding="utf-8")
    code, out, _ = call("explain", topic, "--units", "us" if len(topic) % 2 else "metric")
    assert code == 0 and max(map(len, out.splitlines())) <= 80 and "…" not in out and "e-16" not in out
    assert " = " in out and re.search(r"So: |By hand ", out)


def test_topics_are_listed_and_a_wrong_one_is_answered(project, call):
    code, out, _ = call("explain")
    assert code == 0 and all(name in out for name in TOPICS)
    code, _, err = call("explain", "apoge", project)
    assert code == 2 and "no topic 'apoge' - did you mean 'apogee'?" in err
    assert json.loads(call("explain", "height", project, "--json")[1])["topic"] == "apogee"


def test_the_cards_say_where_their_numbers_come_from(project, call, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    code, out, _ = call("check", project, "--explain")
    assert code == 0 and "margin = (x_cp - x_cg) / d = " in out and "downrange explain NAME" in out
    code, out, _ = call("fly", project, "--explain")
    assert code == 0 and "by hand" in out and max(map(len, out.splitlines())) <= 80
    made = json.loads(call("fly", project, "--json", "--explain")[1])
    assert {e["topic"] for e in made["explained"]} == {n for n, t in TOPICS.items() if "fly" in t.cards}
    assert "explained" not in json.loads(call("fly", project, "--json")[1])
    made = json.loads(call("check", project, "--json", "--explain")[1])
    assert made["explained"][0]["answer"] == made["liftoff_mass_kg"]


def test_flags_change_what_is_explained(project, call):
    steep, slanted = (
        json.loads(call("explain", "drift", project, "--json", "--wind", wind)[1])["answer"]
        for wind in ("1 m/s from west", "6 m/s from west")
    )
    assert slanted > 3 * steep


def test_a_site_without_people_has_no_casualties_to_explain(project, call):
    code, _, err = call("explain", "casualties", project)
    assert code == 2 and "the site names no people in the open" in err and "ground.shapes" in err
