"""What figures show, by their structure: north is up, the scale measures, the wind blows the way it blows, nothing is cut off, no unit is foreign."""

import io
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from matplotlib.text import Annotation, Text

from campaigns import genesis, genesis_plan
from downrange.atmosphere import Wind
from downrange.dispersion import fly_campaign
from downrange.flight import fly
from downrange.report.dispersion import (
    convergence_figure,
    map_figure,
    modes_figure,
    sensitivities,
    sensitivity_figure,
    wind_figure,
)
from downrange.report.figures import FIGURES, motor_figure
from downrange.report.html import campaign_figures, write_report
from downrange.report.site_map import _round, arrow_of_wind, frame, plain_name

METRIC = re.compile(r"\d\s?(m|km|mm|cm|m/s|m/s²|J|kg|g|ha)\b(?!/)|, (m|km|mm|m/s|m/s²|J|kg)$")


@cache
def campaign():
    return fly_campaign(genesis_plan(), 700, "Genesis")


@cache
def flight():
    return fly(genesis().launch, interpreted=True)


@cache
def figures(units: str) -> dict:
    """Every figure of a flight, its motor and its campaign, to be drawn in a system of units."""
    made = {name: draw(flight()) for name, draw in FIGURES.items()} | {"motor": motor_figure(genesis().launch.motor)}
    return made | campaign_figures(campaign(), genesis().ground, flight())


def drawn(name: str, units: str):
    figure = figures(units)[name]
    figure.png(units)
    return figure


NAMES = [*FIGURES, "motor", "landings", "individual_risk", "modes", "histograms", "sensitivity", "convergence", "wind"]


def texts(figure) -> list[Text]:
    seen = [t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip()]
    hidden = {id(t) for a in figure.axes if not a.get_visible() for t in a.findobj(Text)}
    return [t for t in seen if id(t) not in hidden]


def arrows(a) -> list[tuple[str, np.ndarray]]:
    """The words of each arrow of an axes, and where it points."""
    found = [t for t in a.texts if isinstance(t, Annotation) and t.arrow_patch is not None]
    return [(t.get_text(), np.subtract(t.xy, t.xyann)) for t in found]


@pytest.mark.parametrize("name", NAMES)
def test_every_axis_with_numbers_says_what_they_are(name):
    """Without a name an axis would keep its metres beside others in feet."""
    figure = drawn(name, "us")
    for a in (a for a in figure.axes if a.get_visible()):
        for axis in (a.xaxis, a.yaxis):
            numbers = [t.get_text() for t in axis.get_ticklabels() if t.get_visible() and re.fullmatch(r"[\d.,\u2212-]+", t.get_text())]
            assert not numbers or axis.get_label_text(), f"{name}: {numbers[:3]}"


@pytest.mark.parametrize("name", NAMES)
def test_no_word_of_a_figure_is_cut_off(name):
    figure = drawn(name, "metric")
    frame = figure.bbox
    ticks = {
        id(x)
        for a in figure.axes
        for axis in (a.xaxis, a.yaxis)
        for k in (*axis.majorTicks, *axis.minorTicks)
        for x in (k.label1, k.label2)
    }
    for text in texts(figure):
        if id(text) in ticks or (text.get_clip_on() and text.get_clip_path() is not None):
            continue  # ticks beyond the limits are not drawn; names of places are cut at the edge of the map on purpose
        box = text.get_window_extent()
        assert box.x0 > -2 and box.y0 > -2 and box.x1 < frame.x1 + 2 and box.y1 < frame.y1 + 2, (text.get_text(), box)


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_in_us_units_has_no_metric_word(name):
    metric = [t.get_text() for t in texts(drawn(name, "metric"))]
    us = [t.get_text() for t in texts(drawn(name, "us"))]
    assert not [t for t in us if METRIC.search(t)]
    if name not in ("motor", "sensitivity"):  # newtons and shares are no lengths
        assert any(METRIC.search(t) for t in metric), "the pattern finds nothing: it proves nothing"


def test_the_map_has_north_a_scale_the_wind_and_its_shades():
    (a,) = map_figure(campaign(), genesis().ground).axes
    assert [t.get_text() for t in a.get_legend().get_texts()] == [f"{s}% of landings" for s in (50, 90, 99)]
    (_, north), (_, wind) = sorted(arrows(a), reverse=True)
    assert north[0] == 0 and north[1] > 0
    c = campaign()
    blows = [c[f"in.wind.{k}_m_s"][c["mode"] == 0].mean() for k in ("east", "north")]
    assert wind @ blows == pytest.approx(np.hypot(*wind) * np.hypot(*blows))  # parallel, and not against it
    assert any(f"mean wind to apogee {np.hypot(*blows):.1f} m/s" == t.get_text() for t in a.texts)
    bar = next(line for line in a.lines if line.get_linewidth() == 2.5)
    length = np.ptp(bar.get_xdata())
    assert f"{length:,.0f} m" in [t.get_text() for t in a.texts]
    assert 0.08 < length / np.ptp(a.get_xlim()) <= 0.25 and a.get_aspect() == 1
    assert (a.get_xlabel(), a.get_ylabel()) == ("east of the pad, m", "north of the pad, m")


def test_a_scale_is_a_round_length():
    assert [_round(x) for x in (1.0, 1.99, 2.0, 4.9, 5.0, 970.0, 0.3)] == pytest.approx([1, 1, 2, 2, 5, 500, 0.2])


@pytest.mark.parametrize("units, words, metres", [("metric", "500 m", 500.0), ("us", "2,000 ft", 609.6)])
def test_a_scale_is_round_in_the_units_shown(units, words, metres):
    from downrange.report.figures import new_figure

    figure, (a,) = new_figure(1, (3, 3))
    a.set_xlim(0, 2600)
    a.set_ylim(0, 2600)
    frame(a, "a map")
    arrow_of_wind(a, (3.0, 4.0))
    figure.savefig(io.BytesIO(), format="png", units=units)
    assert np.ptp(a.lines[-1].get_xdata()) == pytest.approx(metres)
    said = [t.get_text() for t in a.texts]
    assert words in said and {"metric": "wind 5.0 m/s", "us": "wind 11.2 mph"}[units] in said


def test_calm_has_no_arrow():
    from downrange.report.figures import new_figure

    _, (a,) = new_figure(1, (3, 3))
    arrow_of_wind(a, (1e-16, 0.0))
    assert arrows(a) == [] and [t.get_text() for t in a.texts] == ["wind: calm"]


def test_each_mode_is_seen_on_its_own_scale():
    c = campaign()
    panels = [a for a in modes_figure(c, genesis().ground).axes if a.get_visible()]
    spans = {a.get_title().split("\n")[0]: np.ptp(a.get_xlim()) for a in panels}
    assert spans["motor bursts"] < 0.5 * spans["nominal"]
    for a in panels:
        ring = next(line for line in a.lines if line.get_color() == "black" and len(line.get_xdata()) > 50)
        for points, (low, high) in zip(ring.get_data(), (a.get_xlim(), a.get_ylim()), strict=True):
            assert low < min(points.min(), 0.0) and high > max(points.max(), 0.0)  # the ellipse and the pad are seen
        assert a.get_xlabel() == "east, m"


def test_convergence_is_shown_for_a_small_campaign_and_ends_at_its_answer():
    c = campaign()
    far, apogee = convergence_figure(c).axes
    for a, column, level in ((far, "landing_distance_m", 0.95), (apogee, "apogee_agl_m", 0.5)):
        n, value = a.lines[0].get_data()
        assert len(n) > 15 and n[0] == 128 and n[-1] == 700
        assert value[-1] == pytest.approx(c.quantile(column, level).value)
        assert value[0] == pytest.approx(value[-1], rel=0.2)  # each part holds the modes in their shares


def test_inputs_have_plain_names_and_the_wind_counts_once():
    from dataclasses import replace

    c = campaign()
    noise = 3.0 + 1e-16 * np.arange(len(c["mode"]))
    same = {
        "in.same": 1e-16 * np.sin(np.arange(len(c["mode"]))),
        "in.noise": noise,
        "in.weather.wind.speed": c["in.wind.east_m_s"],
    }
    found = sensitivities(replace(c, columns=dict(c.columns) | same), "landing_distance_m")
    assert {"wind.east_m_s", "thrust"} <= found.keys() and not {"same", "noise", "weather.wind.speed"} & found.keys()
    for a in sensitivity_figure(c).axes:
        names = [t.get_text() for t in a.get_yticklabels()]
        assert len(names) == 8 and not any("_" in n for n in names) and a.get_xlabel() == "rank correlation"
    assert (
        plain_name("tilt.east") == "rail tilted to the east" and plain_name("lag.main") == "time to line stretch (main)"
    )
    assert (
        plain_name("rocket.fins.span") == "rocket.fins.span"
        and plain_name("unsaid.nozzle_exit") == "nozzle exit (not said)"
    )


def test_a_wind_from_the_west_has_no_north_at_all():
    from dataclasses import replace

    launch = genesis().launch
    calm_north = replace(launch, weather=replace(launch.weather, wind=Wind.constant(5.0, np.radians(270.0))))
    east, north, speed = wind_figure(calm_north, 3000.0).axes
    assert np.all(north.lines[0].get_xdata() == 0.0) and np.ptp(north.get_xlim()) >= 1.0
    assert east.lines[0].get_xdata() == pytest.approx(5.0) and speed.get_xlim()[0] == 0.0


def test_the_report_is_laid_out_for_a_phone(tmp_path, monkeypatch):
    """Wide tables and pictures of several panels scroll in boxes of their own: the page itself is never wider than the screen."""
    monkeypatch.setattr("downrange.report.html.image", lambda figure, units: "AAAA")
    write_report(tmp_path / "r.html", campaign(), genesis().ground, flight())
    page = Path(tmp_path / "r.html").read_text(encoding="utf-8")
    assert 'name="viewport" content="width=device-width, initial-scale=1"' in page
    assert re.search(r"\.wide,\.panels\{overflow-x:auto\}", page) and "@media(max-width:640px)" in page
    body = page[page.index("<body>") :]
    assert body.count("<table>") == body.count('<div class="wide"><table>') == body.count("</table></div>") > 1
    assert body.count("<img") == len(re.findall(r'<div class="(?:one|panels)"><img', body)) == 7
