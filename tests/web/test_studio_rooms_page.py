"""The rooms beside the design, looked at by axe, light and dark, and at four widths; and the pictures of the tour."""

import json
import math
import os
import re
import shutil
import struct
import zlib
from pathlib import Path

import pytest

from conftest import until

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "web/node_modules/axe-core/axe.min.js"
MOTOR = """name: small
propellant: {record: KNSB, density: 1750 kg/m3}
grains:
  - {type: bates, diameter: 15 mm, length: 22 mm, core: 5 mm, count: 2}
nozzle: {throat: 4 mm, exit: 9 mm, divergence: 12 deg}
delays: [6 s]
case: {mass: 20 g, diameter: 18 mm, outer_length: 70 mm, length: 50 mm}
"""
TOUR = os.environ.get("DOWNRANGE_TOUR")  # a folder: the pictures of the documentation are taken into it


def settled(page):
    page.wait_for_selector(".strip:not(.moving) .tile")


def picture(page, name):
    if TOUR:
        if page.evaluate("document.documentElement.dataset.theme") == "dark":
            page.click("#theme")
        page.wait_for_timeout(400)
        page.screenshot(path=str(Path(TOUR) / f"{name}.png"))


def looked_at(page, room, theme):
    """What axe finds wrong; it is put in by the debugger, which the page's own policy does not bind."""
    if not page.evaluate("typeof axe !== 'undefined'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(v => [v.id, v.impact, v.nodes.slice(0, 2).map(n => n.target.join(' ') + ': ' + n.failureSummary)]))"
    )
    assert found == [], (room, theme, found)


def fits(page, room):
    for width in (360, 768, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(120)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        cut = page.evaluate("""[...document.querySelectorAll('button, .tile, label, th, h1, h2, dd, dt, summary')].filter(e => e.offsetParent !== null && !e.closest('.only-read')
            && getComputedStyle(e).overflowX === 'hidden' && e.scrollWidth > e.clientWidth + 1).map(e => e.className + ': ' + e.textContent)""")
        assert wide <= 1 and cut == [], (room, width, wide, cut)
    page.set_viewport_size({"width": 1280, "height": 900})


def in_both_themes(page, room, look):
    for theme in ("light", "dark"):
        if page.evaluate("document.documentElement.dataset.theme") != theme:
            page.click("#theme")
        page.wait_for_timeout(150)
        look(page, room, theme)


@pytest.fixture
def studio(tmp_path, monkeypatch):
    from conftest import Studio

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    rockets = tmp_path / "rockets"
    shutil.copytree(ROOT / "examples" / "first_rocket", rockets / "first_rocket")
    made = Studio(rockets, None)
    yield made
    made.stop()


def typed(page, name, value):
    field = page.locator(f'[data-field="{name}"] input[type=text]')
    field.fill(value)
    field.press("Enter")


def test_the_rooms_are_sound_to_axe_and_fit_every_width(page, studio):
    page.wait_for_selector("main.start")
    assert page.locator(".start form").count() >= 14
    in_both_themes(page, "start", looked_at)
    fits(page, "start")
    picture(page, "studio_start")
    page.click("button:has-text('first_rocket')")
    settled(page)
    in_both_themes(page, "design", looked_at)
    fits(page, "design")
    page.click(".leaf >> text=trapezoidal fins")
    picture(page, "studio")
    page.click(".leaf >> text=nose cone")
    page.click("button:has-text('Pin to compare')")
    typed(page, "length", "140 mm")
    page.wait_for_selector(".strip.moving")  # at once
    page.wait_for_selector(".differs summary:has-text('1 ')")
    settled(page)
    assert "%" in page.text_content('[data-tile="apogee_agl"] .was') and "cal" in page.text_content(
        '[data-tile="static_margin"] .was'
    )
    page.click(".differs summary")
    assert "140 mm" in page.text_content(".differs")
    picture(page, "studio_compare")
    page.click("button:has-text('Stop'), button:has-text('Unpin'), button[aria-pressed=true]")
    page.click("#tab-history")
    page.wait_for_selector(".versions tbody tr >> nth=1")
    assert "140 mm" in page.text_content(".versions tbody tr >> nth=0") and "%" in page.text_content(
        ".versions tbody tr >> nth=0"
    )
    page.fill('[name="variant"]', "long nose")
    page.keyboard.press("Enter")
    page.wait_for_selector(".history label:has-text('long nose')")
    assert (studio.folder / "first_rocket" / "launch.long nose.yaml").is_file()
    in_both_themes(page, "history", looked_at)
    fits(page, "history")
    picture(page, "studio_history")
    page.keyboard.press("Escape")
    page.click("#tab-flight")
    page.select_option(".laid select", "long nose")
    page.wait_for_selector(".over li:has-text('long nose')")
    page.fill("#lay-motor", "Estes B6")
    page.click(".laid .motors button >> nth=0")
    page.wait_for_selector(".over li >> nth=1")
    page.set_input_files("#lay-log", files=[{"name": "<b>log.csv", "mimeType": "text/csv", "buffer": flown()}])
    page.wait_for_selector(".over li:has-text('<b>log.csv')")
    assert "±" in page.text_content(".over li >> nth=2")
    assert page.locator('[data-chart="altitude"] .u-series').count() == 6
    in_both_themes(page, "flight", looked_at)
    fits(page, "flight")
    picture(page, "studio_over")
    for room in ("replay", "files", "landing"):
        page.click(f"#tab-{room}")
        page.wait_for_selector(".landing table" if room == "landing" else "#room")
        page.wait_for_timeout(400)
        in_both_themes(page, room, looked_at)
        fits(page, room)
        if room == "replay":  # drawn as finely as it is shown, also where a window becomes wider and no higher
            for width in (1100, 1280):
                page.set_viewport_size({"width": width, "height": 900})
                until(
                    page,
                    "(c => c.width === c.clientWidth && c.width > 1000 && c.height === c.clientHeight)(document.querySelector('.replay canvas'))",
                )
        picture(page, f"studio_{room}")


def drawn(page):
    """How many points of the map show something, and how wide it is on the screen."""
    return page.evaluate("""(() => { const c = document.querySelector('.map canvas'), d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
        let n = 0; for (let k = 3; k < d.length; k += 4) n += d[k] > 0; return [n, c.clientWidth, c.width]; })()""")


def test_the_landing_room_follows_the_project_and_the_window(page, studio):
    page.click("button:has-text('first_rocket')")
    settled(page)
    page.click("#tab-landing")
    page.wait_for_selector("[role=status]:has-text('200 flights')")
    ink, wide, points = drawn(page)
    assert ink > 500 and points == wide
    assert page.locator(".landing tbody tr").count() > 5 and "%" in page.text_content(".landing tbody tr >> nth=0")
    assert "…" in page.text_content('[data-tile="apogee_agl"] .band')
    page.set_viewport_size({"width": 360, "height": 800})
    until(page, "document.querySelector('.map canvas').width <= 360")
    ink, narrow, points = drawn(page)
    assert ink > 200 and points == narrow < wide
    page.set_viewport_size({"width": 1280, "height": 900})
    page.click("button:has-text('10,000')")
    page.wait_for_selector("[role=status]:has-text('10,000 flights')")
    page.click("#tab-design")
    page.click(".leaf >> text=nose cone")
    typed(page, "length", "140 mm")
    settled(page)
    page.click("#tab-landing")  # what was found of the old design is gone
    page.wait_for_selector("[role=status]:has-text('200 flights')")
    page.wait_for_selector("[role=status]:has-text('10,000 flights')")  # at rest more follow
    slide = """([value, kinds]) => { const s = document.querySelector('.landing [data-field="rail length"] input[type=range]');
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(s, value); kinds.forEach(k => s.dispatchEvent(new Event(k, {bubbles: true}))); }"""
    page.evaluate(slide, ["0.6", ["input"]])
    page.wait_for_selector("[role=status]:has-text('200 flights, while you change it')")
    page.evaluate(slide, ["0.7", ["input", "change"]])
    page.wait_for_selector("[role=status]:has-text('10,000 flights')")
    assert "while" not in page.text_content(".landing [role=status]")


def test_the_motor_room_burns_under_a_slider(page, studio):
    folder = studio.folder / "first_rocket"
    (folder / "motor.yaml").write_text(MOTOR, encoding="utf-8")
    launch = folder / "launch.yaml"
    text = launch.read_text(encoding="utf-8")
    launch.write_text(re.sub(r"(?m)^motor:.*\n(?: +.*\n)+", "motor: motor.yaml\n", text), encoding="utf-8")
    page.click("button:has-text('first_rocket')")
    settled(page)
    page.click("#tab-motorroom")
    page.wait_for_selector(".motorroom .figures dd")
    before = page.text_content(".motorroom .figures")
    slider = page.locator(".motorroom input[type=range]").first
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    until(page, f"document.querySelector('.motorroom .figures').textContent !== {json.dumps(before)}")
    settled(page)
    in_both_themes(page, "motorroom", looked_at)
    fits(page, "motorroom")
    burnt = page.text_content(".motorroom .figures")
    (folder / "motor.yaml").write_text(MOTOR.replace("throat: 4 mm", "throat: 3.6 mm"), encoding="utf-8")
    until(page, f"document.querySelector('.motorroom .figures').textContent !== {json.dumps(burnt)}")
    until(page, "document.querySelector('.motorroom [data-field=\"nozzle.throat\"] input').value === '3.6 mm'")
    picture(page, "studio_motor")


def flown():
    """A climb to 327 m and a descent at 8 m/s, ten times a second."""
    rows = ["time_s,altitude_m"]
    for k in range(600):
        t = k / 10 - 5
        h = 0 if t < 0 else 80 * t - 4.9 * t * t if t < 80 / 9.8 else max(0, 326.5 - 8 * (t - 80 / 9.8))
        rows.append(f"{k / 10:.1f},{h:.2f}")
    return "\n".join(rows).encode()


def written_tiles(path, kind=2):
    """PMTiles 3: every tile of zoom 13 is one picture: red in its north west, blue in its north east, green in its south west, black in its south east."""
    north, south = (
        b"\0" + west * 128 + east * 128 for west, east in ((b"\xff\0\0", b"\0\0\xff"), (b"\0\xff\0", b"\0\0\0"))
    )
    rows = north * 128 + south * 128

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    def varint(n):
        out = b""
        while n > 127:
            out, n = out + bytes([n & 127 | 128]), n >> 7
        return out + bytes([n])

    size = struct.pack(">IIBBBBB", 256, 256, 8, 2, 0, 0, 0)
    picture = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    root = b"".join(map(varint, (1, (4**13 - 1) // 3, 4**13, len(picture), 1)))  # entries, id, run, length, offset + 1
    said = json.dumps({"attribution": "<a href='https://evil.example'>somebody</a> &copy; <img src=x>"}).encode()
    at = [127, len(root), 127 + len(root), len(said), 0, 0, 127 + len(root) + len(said), len(picture), 4**13, 1, 1]
    head = b"PMTiles\x03" + struct.pack("<11Q", *at) + bytes([1, 1, 1, kind, 13, 13])
    head += struct.pack("<4i", -(10**9), -(10**9), 10**9, 10**9) + bytes([13]) + struct.pack("<2i", 0, 0)
    assert len(head) == 127
    path.write_bytes(head + root + said + picture)


def test_pictures_beside_the_launch_lie_below_the_landings(page, studio):
    folder = studio.folder / "first_rocket"
    written_tiles(folder / "field.pmtiles")
    site = folder / "site.yaml"
    x, y = 4266.5, 2903.5  # of 2^13: longitude 360 x / 2^13 - 180, latitude atan(sinh(pi (1 - 2 y / 2^13)))
    latitude = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / 2**13))))
    said = re.sub("latitude: .*", f"latitude: {latitude} deg", site.read_text(encoding="utf-8"))
    site.write_text(re.sub("longitude: .*", f"longitude: {360 * x / 2**13 - 180} deg", said), encoding="utf-8")
    page.click("button:has-text('first_rocket')")
    settled(page)
    page.click("#tab-landing")
    page.wait_for_selector("[role=status]:has-text('10,000 flights')")
    page.wait_for_selector(".map .tiles:has-text('somebody ©')")
    assert page.text_content(".map .tiles").strip() == "somebody ©" and page.locator(".map img, .map a").count() == 0
    around = """(() => { const c = document.querySelector('.map canvas'), g = c.getContext('2d'), m = c.width / 2, out = [];
        for (const [x, y] of [[-140, -140], [120, -140], [-140, 120], [120, 120]]) {
            const d = g.getImageData(m + x, m + y, 20, 20).data, sum = [0, 0, 0];
            for (let k = 0; k < d.length; k++) if (k % 4 < 3) sum[k % 4] += d[k];
            out.push(Math.max(...sum) < 60 * 400 ? 3 : sum.indexOf(Math.max(...sum)));
        } return out.join(' '); })()"""
    page.wait_for_selector(".map .tiles")
    until(page, f"{around} === '0 2 1 3'")  # the pad stands in the middle of a tile
    picture(page, "studio_tiles")
    page.click("#tab-design")
    written_tiles(folder / "field.pmtiles", kind=1)
    page.click("#tab-landing")
    page.wait_for_selector(".map .tiles:has-text('only where they are pictures')")
