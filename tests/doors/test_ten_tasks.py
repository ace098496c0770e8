"""A newcomer's ten tasks, each as the tutorial says it, in one folder and in that order."""

import json
import math
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
CHROMIUM = next((p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name))), None)


def task(number: int) -> str:
    """What the tutorial says of one."""
    ten = TUTORIAL[TUTORIAL.index("## Ten things to try") :]
    return re.search(rf"^{number}\. (.*?)(?=^\d+\. |\Z)", ten, re.M | re.S)[1]


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.search(old, text), (old, text)
    path.write_text(re.sub(old, new, text, count=1), encoding="utf-8")


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("newcomer")


def test_1_install():
    """`make fly` makes the environment, installs and flies; the page without make installs the same way."""
    assert "`make fly`" in task(1) and "platforms.md" in task(1)
    recipe = re.search(r"^fly:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert recipe and "fly" in recipe[1]
    assert "-m pip install ." in (ROOT / "docs" / "platforms.md").read_text(encoding="utf-8")


def test_2_and_3_a_starter_with_another_motor(home, call, monkeypatch):
    monkeypatch.chdir(home)
    assert "downrange new First" in task(2)
    assert call("new", "First")[0] == 0
    monkeypatch.chdir(home / "First")
    assert "on C6" in call("fly")[1]
    motor = re.search(r"write `(motor: .*?)`", task(3))[1]
    change(Path("launch.yaml"), r"motor:\n(?:  .*\n){2}", motor + "\n")
    code, out, err = call("fly", "--json")
    said = json.loads(out)
    assert code == 0, err
    burnt, opens = (
        next(e["time_s"] for e in said["events"] if e["name"] == n) for n in ("burn-out", "parachute: opening")
    )
    assert "B6" in call("fly")[1] and opens - burnt == pytest.approx(4.0, abs=0.2)


def test_4_why_check_complains(home, call, monkeypatch):
    monkeypatch.chdir(home / "First")
    bad, good = re.findall(r"`span: (\d+ mm)`", task(4))
    change(Path("rocket.yaml"), r"span: [\d.]+ mm", f"span: {bad}")
    said = " ".join(call("check")[1].replace("│", " ").split())
    margin = float(re.search(r"static margin (-?[\d.]+) cal", said)[1])
    assert margin < 1 and re.search(r"UNSTABLE: .*calibres ahead.*Bigger fins", said), said
    change(Path("rocket.yaml"), f"span: {bad}", f"span: {good}")
    assert "UNSTABLE" not in call("check")[1]


def test_5_units(home, call, monkeypatch):
    monkeypatch.chdir(home / "First")
    heights = []
    for written in ("45 mm", "0.045 m", "1.75 in"):
        assert written in task(5)
        change(Path("rocket.yaml"), r"span: [^\n#]*?(?=\s*(?:#|\n))", f"span: {written}")
        heights.append(json.loads(call("fly", "--json")[1])["apogee_agl_m"])
    assert heights[0] == pytest.approx(heights[1], rel=1e-9)
    assert heights[2] == pytest.approx(heights[0], rel=0.01) and heights[2] != heights[0]  # 44.45 mm
    flagged = call("fly", "--units", "us")[1]
    path = Path("launch.yaml")
    kept = path.read_text(encoding="utf-8")
    path.write_text(kept + "\nunits: us\n", encoding="utf-8")
    assert call("fly")[1] == flagged and " ft" in flagged
    path.write_text(kept, encoding="utf-8")
    change(Path("rocket.yaml"), r"span: 1.75 in", "span: 45 mm")


def test_6_two_motors_by_hand(home, call, monkeypatch):
    """The sums of the two sheets, done again with the numbers that stand in them."""
    monkeypatch.chdir(home / "First")
    speeds = {}
    for motor in ("Estes C6-5", "Estes B6-4"):
        assert f'explain rail-exit --motor "{motor}"' in task(6)
        said = json.loads(call("explain", "rail-exit", "--motor", motor, "--json")[1])
        last = said["steps"][-1]
        sum_ = last["numbers"].replace("×", "*").replace("·", "*").replace("√", "sqrt").replace("−", "-")
        names = {
            "sin": lambda d: math.sin(math.radians(d)),
            "cos": lambda d: math.cos(math.radians(d)),
            "sqrt": math.sqrt,
        }
        by_hand = eval(sum_, {"__builtins__": {}}, names)
        assert by_hand == pytest.approx(said["by_hand"], rel=1e-3) and by_hand == pytest.approx(
            said["answer"], rel=0.05
        )
        speeds[motor] = json.loads(call("fly", "--motor", motor, "--json")[1])["rail_exit_speed_m_s"]
        assert said["answer"] == pytest.approx(speeds[motor], rel=1e-6)
    code, out, err = call("compare", "launch.yaml", "--motor", "Estes C6-5", "--motor", "Estes B6-4")
    assert code == 0, err
    for motor, speed in speeds.items():
        assert re.search(rf"{motor[:-2]}.*?{speed:.3g} m/s", " ".join(out.split())), (motor, speed, out)


def test_7_where_it_lands(home, call, monkeypatch):
    monkeypatch.chdir(home / "First")
    s = json.loads(call("fly", "--json")[1])
    away = math.hypot(s["landing_east_m"], s["landing_north_m"])
    line = re.search(r"landing\s+([\d.,]+) m (\w+)\s+(-?[\d.]+), (-?[\d.]+)", call("fly")[1])
    assert line and float(line[1].replace(",", "")) == pytest.approx(away, rel=1e-3)
    assert float(line[3]) == pytest.approx(s["landing_latitude_deg"], abs=1e-5)
    assert float(line[4]) == pytest.approx(s["landing_longitude_deg"], abs=1e-5)
    assert json.loads(call("explain", "drift", "--json")[1])["answer"] == pytest.approx(away, rel=1e-6)


def test_8_a_map_to_print(home, call, monkeypatch):
    """As written, with fewer flights."""
    from PIL import Image

    monkeypatch.chdir(home / "First")
    assert "disperse -n 1000 --out campaign" in task(8)
    code, _, err = call("disperse", "-n", "128", "--out", "campaign")
    assert code == 0, err
    picture = re.search(r"`campaign/(\w+\.png)` is the map", task(8))[1]
    with Image.open(Path("campaign") / picture) as image:
        assert min(image.size) > 500 and len(image.convert("RGB").getcolors(1 << 24)) > 50
    assert "<kml" in Path("campaign/areas.kml").read_text(encoding="utf-8")


def test_9_python(home, monkeypatch, capsys):
    monkeypatch.chdir(home / "First")
    code = re.search(r"## In Python\n\n```python\n(.*?)```", TUTORIAL, re.S)[1]
    exec(code, {})
    out = capsys.readouterr().out
    assert "m above the pad" in out and "apogee" in out and "landing" in out


def test_10_the_report_on_a_phone(home):
    """Chromium lays it out 390 px wide: nothing of the page is wider. Without Chromium: wide things stand in boxes that scroll."""
    page = home / "First" / "campaign" / "report.html"
    text = page.read_text(encoding="utf-8")
    assert "campaign/report.html" in task(10) and not re.search(
        r'(?:src|href)="(?!data:|#)[^"]*\.(?:png|css|js)"', text
    )
    assert 'name="viewport" content="width=device-width, initial-scale=1"' in text
    if CHROMIUM is None:
        assert text.count("<table") == text.count('<div class="wide"><table')
        return
    # a window of Chromium is never narrower than 500 px; a frame of 390 is
    probe = page.with_name("phone.html")
    asks = "<script>onload=()=>{let e=document.documentElement;document.title=e.scrollWidth+' '+innerWidth}</script>"
    page.with_name("asked.html").write_text(text.replace("</body>", asks + "</body>"), encoding="utf-8")
    probe.write_text(
        '<!doctype html><iframe id="f" src="asked.html" width="390" height="844" style="border:0"></iframe>'
        "<script>onload=()=>setTimeout(()=>{document.body.append('seen '+f.contentDocument.title)},300)</script>",
        encoding="utf-8",
    )
    called = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files", "--virtual-time-budget=5000",
              "--dump-dom", probe.as_uri()]  # fmt: skip
    shown = subprocess.run(called, capture_output=True, text=True, timeout=120).stdout
    seen = re.search(r"seen (\d+) (\d+)", shown)
    assert seen, shown[-500:]
    assert int(seen[2]) == 390 and int(seen[1]) <= 390
