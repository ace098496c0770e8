"""The studio as somebody uses it, in a real browser."""

import json
import subprocess
import sys

import pytest

from conftest import until


def settled(page):
    page.wait_for_selector(".strip:not(.moving) .tile")


def shown(page, name):
    return page.text_content(f'[data-tile="{name}"] b')


def choose_fins(page):
    page.click(".leaf >> text=trapezoidal fins")
    page.wait_for_selector('[data-field="span"]')


def flown(folder):
    done = subprocess.run(
        [sys.executable, "-m", "downrange.cli.main", "fly", str(folder), "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    return json.loads(done.stdout)


def test_a_slider_shows_the_flight_and_the_file_keeps_its_comments(page, studio):
    settled(page)
    path = studio.folder / "first_rocket" / "rocket.yaml"
    before, old = path.read_text(encoding="utf-8"), shown(page, "static_margin")
    choose_fins(page)
    slider = page.locator('[data-field="span"] input[type=range]')
    slider.scroll_into_view_if_needed()
    slider.focus()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    page.wait_for_selector("button:has-text('Undo'):enabled")
    page.wait_for_function(
        "old => document.querySelector('[data-tile=\"static_margin\"] b').textContent !== old", arg=old, timeout=20_000
    )
    settled(page)
    assert shown(page, "static_margin") != old
    after = path.read_text(encoding="utf-8")
    assert after != before and [line.partition("#")[2] for line in after.splitlines()] == [
        line.partition("#")[2] for line in before.splitlines()
    ]
    figures = flown(studio.folder / "first_rocket")
    assert shown(page, "apogee_agl") == f"{figures['apogee_agl_m']:.4g} m"
    assert shown(page, "static_margin") == f"{figures['static_margin_cal']:.2f} cal"
    while page.is_enabled("button:has-text('Undo')"):
        page.keyboard.press("Escape")
        page.click("button:has-text('Undo')")
        page.wait_for_timeout(400)
    settled(page)
    assert path.read_text(encoding="utf-8") == before


def test_dragging_in_the_drawing_and_typing_with_units(page, studio):
    settled(page)
    choose_fins(page)
    handle = page.locator(".handle").first
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for k in range(8):
        page.mouse.move(x, y - 2 * k)
    page.mouse.up()
    page.wait_for_selector("button:has-text('Undo'):enabled")
    settled(page)
    written = page.locator('[data-field="sweep"] input[type=text]')
    before = written.input_value()
    handle.focus()
    page.keyboard.press("Shift+ArrowRight")  # the same by keyboard: 10 mm aft
    until(page, f"document.querySelector('[data-field=sweep] input').value !== '{before}'")
    settled(page)
    number, unit = before.split()
    assert unit == "mm" and float(written.input_value().split()[0]) == pytest.approx(float(number) + 10, abs=0.51)
    assert page.evaluate("document.activeElement.classList.contains('handle')")
    field = page.locator('[data-field="thickness"] input[type=text]')
    field.fill("0.125 in ± 0.2 mm")
    field.press("Enter")
    page.wait_for_selector(".saved:has-text('saved')")
    page.wait_for_timeout(500)
    assert "thickness: 0.125 in ± 0.2 mm" in (studio.folder / "first_rocket" / "rocket.yaml").read_text(
        encoding="utf-8"
    )
    field.fill("3 furlongs")
    field.press("Enter")
    page.wait_for_selector(".warned.bad:has-text('furlong')")
    assert "furlong" not in (studio.folder / "first_rocket" / "rocket.yaml").read_text(encoding="utf-8")


def test_parts_units_languages_rooms(page, studio):
    settled(page)
    n = page.locator(".leaf").count()
    page.click(".leaf >> text=body tube")
    page.locator(".panel .adder select").select_option("mass")
    page.wait_for_selector(f".leaf >> nth={n}")
    settled(page)
    page.click("button:has-text('Remove')")
    page.wait_for_selector(f".leaf >> nth={n}", state="detached")
    page.select_option("#units", "us")
    assert shown(page, "apogee_agl").endswith(" ft")
    page.select_option("#language", "de")
    page.wait_for_selector("button:has-text('Rückgängig')")
    page.click("#tab-flight")
    page.wait_for_selector('[data-chart="stability"] canvas')
    page.click("#tab-files")
    assert "trapezoidal fins" in page.text_content(".texts")
    page.click("#tab-landing")
    page.wait_for_selector(".tab-landing table tbody tr >> nth=3")
    page.click("#tab-replay")
    page.wait_for_selector(".replay output:has-text('ft/s')")
    page.click("#theme")
    for width in (360, 768, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        for tab in ("design", "flight", "landing", "files"):
            page.click(f"#tab-{tab}")
            page.wait_for_timeout(150)
            assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 1, (
                width,
                tab,
            )


def test_names_are_text_and_two_pages_see_the_same(page, studio, browser):
    settled(page)
    evil = "<img src=x onerror=document.title='owned'>"
    page.click(".leaf >> text=nose cone")
    page.click("summary")
    field = page.locator('[data-field="name"] input[type=text]')
    field.fill(evil)
    field.press("Enter")
    page.wait_for_selector(f".leaf >> text={evil}")
    other = browser.new_page()
    other.set_default_timeout(120_000)
    other.goto(studio.address)
    other.wait_for_selector(f".leaf >> text={evil}")
    assert "owned" not in (page.title(), other.title())
    other.close()


def test_a_server_that_is_gone_is_said(page, studio):
    settled(page)
    studio.stop()
    page.wait_for_selector(".bar[role=alert]")
    studio.start("first_rocket")


def test_a_page_without_the_token_is_told_what_to_do(browser, studio):
    page = browser.new_page()
    page.set_default_timeout(120_000)
    page.goto(studio.address.partition("#")[0])
    page.wait_for_selector(".bar:has-text('token')")
    page.close()


def test_the_strip_says_at_rest_how_far_its_numbers_spread(page, studio):
    """In whichever room: few flights follow each design, and say nothing of another."""
    told = "[...document.querySelectorAll('.tile')].filter(e => e.querySelector('.band').textContent.includes('…')).map(e => e.dataset.tile)"
    height = "document.querySelector('.strip').clientHeight"
    settled(page)
    before = page.evaluate(height)
    until(page, f"{told}.length > 12")
    names = page.evaluate(told)
    assert {"static_margin", "rail_exit_speed", "max_speed", "landing_distance", "apogee_agl"} <= set(names)
    assert page.get_attribute("#tab-design", "aria-selected") == "true" and page.evaluate(height) == before
    was = page.text_content('[data-tile="max_speed"] .band')
    choose_fins(page)
    slide = """([value, kinds]) => { const s = document.querySelector('[data-field="span"] input[type=range]');
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(s, value); kinds.forEach(k => s.dispatchEvent(new Event(k, {bubbles: true}))); }"""
    most = page.get_attribute('[data-field="span"] input[type=range]', "max")
    page.evaluate(slide, [most, ["input"]])
    until(page, f"{told}.length === 0")  # while it is dragged, and many flights are not
    page.wait_for_timeout(1000)
    assert page.evaluate(told) == [] and page.evaluate("studio.landedAfter.length") == 1
    page.evaluate(slide, [most, ["input", "change"]])
    until(page, f"{told}.length > 12")
    settled(page)
    assert page.text_content('[data-tile="max_speed"] .band') != was and page.evaluate(height) == before
