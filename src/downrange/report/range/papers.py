"""Checklist, flight card and data sheet as documents."""

from __future__ import annotations

import base64
import hashlib
from math import isfinite
from pathlib import Path

from downrange.design.motors import certification
from downrange.design.workshop.bill import bill_of
from downrange.errors import InputError
from downrange.motor import Motor
from downrange.motor.motor import impulse_class
from downrange.report.documents import (
    PAGES,
    Block,
    Document,
    Heading,
    Listing,
    Look,
    Note,
    PageBreak,
    Paragraph,
    Run,
    Table,
    check_target,
    figure_picture,
    write_document,
    write_whole,
)
from downrange.report.figures import rocket_figure
from downrange.report.range.facts import Told, azimuth_words, charges_of, devices_of, motors_told, says
from downrange.report.range.lists import Checklist
from downrange.report.safety import show_beside, show_limit
from downrange.report.workshop.inches import bill_in
from downrange.safety import Verdict

__all__ = ["card_document", "checklist_blocks", "checklist_document", "tablet_html", "write_checklist"]

_BLANK = "____________"
_VERDICT = {Verdict.PASS: "yes", Verdict.FAIL: "NO", Verdict.OPEN: "?"}


def _look(paper: str, size: float) -> Look:
    width, height = PAGES[paper]
    return Look(width=width, height=height, margin=13.0, size=size, counted=False)


# ---- the checklist ------------------------------------------------------------------------------------------------


def checklist_blocks(made: Checklist, level: int = 1) -> tuple[Block, ...]:
    """A checklist as blocks of a document: what is open, each part under a heading with its boxes.

    level: of those headings.
    """
    blocks: list[Block] = [Note(n, "Open:", warning=True) for n in made.notes]
    for part in made.parts:
        blocks.append(Heading(part.name, level))
        items = tuple((Run(b.text), *((Run(f"  [{b.rule}]", italic=True),) if b.rule else ())) for b in part.boxes)
        blocks.append(Listing(items, boxes=True))
    blocks.append(
        Paragraph(
            "Lines in brackets are rules, as their codes have them; the others are practice. The code in force and the range safety officer decide."
        )
    )
    return tuple(blocks)


def checklist_document(made: Checklist, paper: str = "a4") -> Document:
    """The checklist as a document to print and tick; each part on its own."""
    blocks = checklist_blocks(made)
    facts = (
        ("Motors", made.motors),
        ("Launch", made.launch or "-"),
        ("Date", _BLANK),
        ("Read by", _BLANK),
        ("Ticked by", _BLANK),
    )
    return Document(f"Checklist: {made.rocket}", blocks, facts=facts, look=_look(paper, 9.5))


_SCRIPT = """
(function () {
  var key = "downrange-checklist-KEY", boxes = document.querySelectorAll("input[type=checkbox]"), state = [];
  var line = document.createElement("p"), clear = document.createElement("button");
  line.style.cssText = "position:sticky;top:0;background:#fff;padding:.4em 0;margin:0;font-weight:bold";
  function tell(kept) {
    var done = 0;
    boxes.forEach(function (b) { if (b.checked) { done += 1; } });
    line.firstChild.nodeValue = done + " of " + boxes.length + " ticked" + (kept ? " " : ", not kept: this browser stores nothing for files ");
  }
  function keep() {
    var kept = true;
    try { localStorage.setItem(key, JSON.stringify(Array.from(boxes).map(function (b) { return b.checked; }))); } catch (e) { kept = false; }
    tell(kept);
  }
  line.appendChild(document.createTextNode(""));
  clear.textContent = "untick all";
  clear.addEventListener("click", function () {
    if (confirm("Untick every line?")) { boxes.forEach(function (b) { b.checked = false; }); keep(); }
  });
  line.appendChild(clear);
  document.querySelector("main").prepend(line);
  try { state = JSON.parse(localStorage.getItem(key)) || []; } catch (e) { state = []; }
  boxes.forEach(function (b, i) { b.checked = state[i] === true; b.addEventListener("change", keep); });
  keep();
}());
"""


def tablet_html(document: Document) -> str:
    """The checklist as a page for a tablet: it works offline, keeps its ticks on the tablet, and runs no script but its own.

    Ticks belong to this very list: one that says something else begins unticked.
    """
    from downrange.report.documents.web import html_text

    page = html_text(document)
    script = _SCRIPT.replace("KEY", hashlib.sha256(page.encode()).hexdigest()[:16])
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy, end = "style-src 'unsafe-inline'", "</body></html>"
    if page.count(policy) != 1 or page.count(end) != 1:
        raise AssertionError("the page's policy or its end is not where it was")
    page = page.replace(policy, f"{policy}; script-src 'sha256-{digest}'")
    return page.replace(end, f"<script>{script}</script>{end}")


def write_checklist(made: Checklist, path: Path, paper: str = "a4") -> Path:
    """Write a checklist: .pdf or .docx to print, .html to tick on a tablet. Raises `InputError` for another suffix."""
    check_target(path)
    document = checklist_document(made, paper)
    if path.suffix.lower() in (".html", ".htm"):
        write_whole(path, tablet_html(document).encode("utf-8"))
        return path
    return write_document(document, path)


# ---- the card -----------------------------------------------------------------------------------------------------


def card_document(told: Told, paper: str = "a4", *, sheet: bool = False) -> Document:
    """The flight card: one page for the range. `sheet`: with the pages that a TAP or L3CC asks for behind it.

    Raises `InputError` where the launch does not leave the pad.
    """
    launch = told.project.launch
    if not isfinite(float(told.flight.figures["rail_exit_speed"])):
        raise InputError(
            "the rocket does not leave the rail: there is no flight to put on a card; see downrange check", key="motor"
        )
    blocks: list[Block] = [
        Table(("Flyer", "Number and level", "Date", "Pad"), ((_BLANK, _BLANK, _BLANK, _BLANK),)),
        *_numbers(told),
    ]
    blocks += [_motors(told), _recovery(told), *_steps(told), *_rules(told)]
    blocks.append(
        Table(
            ("Range safety officer", "Launch control", "Seen after the flight"),
            ((f"{_BLANK}  CG seen {_BLANK}", _BLANK, f"height {_BLANK}  damage {_BLANK}"),),
        )
    )
    facts = (
        (
            "Motors",
            " + ".join(f"{n} x {f.motor.designation}" if n > 1 else f.motor.designation for f, n in motors_told(told)),
        ),
    )
    size = _size(16 + sum(2 + len(b.rows) for b in blocks if isinstance(b, Table)))
    if sheet:
        blocks += _sheet(told)
    return Document(f"Flight card: {launch.rocket.name}", tuple(blocks), facts=facts, look=_look(paper, size))


def _size(rows: int) -> float:
    """Letters, in points, in which a card of so many rows fits its page."""
    return max(min(9.5, 8.0 * 84 / rows), 6.0)


def _numbers(told: Told) -> list[Block]:
    launch, rocket = told.project.launch, told.project.launch.rocket
    f = told.flight.figures

    def cal(name: str) -> str:
        return f"{float(f[name]):.2f} cal" if isfinite(float(f[name])) else "-"

    delay = f"{launch.motor_delay:g} s" if launch.motor_delay is not None else "-"
    left = [
        ("Length, diameter", f"{told.shown(rocket.length, 'size')}, {told.shown(rocket.diameter, 'size')}"),
        ("Mass, ready to fly", told.figure("liftoff_mass", "mass")),
        ("CG, ready to fly, from the tip", told.figure("liftoff_cg", "size")),
        ("CP, computed, from the tip", told.figure("cp", "size")),
        ("Margin on the pad (Barrowman)", f"{cal('static_margin')} ({cal('static_margin_barrowman')})"),
        ("Margin at rail exit, least", f"{cal('rail_exit_stability')}, {cal('min_stability')}"),
        ("Thrust to weight", f"{float(f['thrust_to_weight']):.1f}"),
        ("Rail, speed at its end", f"{told.shown(launch.rail.length, 'length')} at {azimuth_words(launch.rail.elevation)}, {told.figure('rail_exit_speed', 'speed', 3)}"),
    ]  # fmt: skip
    right = [
        ("Apogee above the pad", told.figure("apogee_agl", "length")),
        ("An altimeter shows", told.figure("apogee_pressure_altitude_agl", "length")),
        ("Time to apogee", told.figure("time_to_apogee", "time", 3)),
        ("Largest speed, Mach", f"{told.figure('max_speed', 'speed', 3)}, {float(f['max_mach']):.2f}" if isfinite(float(f["max_mach"])) else "-"),
        ("Delay flown, best", f"{delay}, {told.figure('optimum_delay', 'time', 3)}"),
        ("Speed as the first device opens", told.figure("deployment_airspeed", "speed", 3)),
        ("Touches down at, energy", f"{told.figure('ground_hit_speed', 'speed', 3)}, {told.figure('landing_energy', 'energy', 3)}"),
        ("Lands away, after", f"{told.figure('landing_distance', 'length', 3)}, {told.figure('flight_time', 'time', 3)}"),
    ]  # fmt: skip
    rows = tuple((*a, *b) for a, b in zip(left, right, strict=True))
    return [Table(("Rocket", "", "Predicted flight", ""), rows, numbers=(1, 3))]


def _motors(told: Told) -> Table:
    launch = told.project.launch

    def row(m: Motor, n: int, where: str) -> tuple[str, ...]:
        return (
            f"{n} x {m.manufacturer} {m.designation}" if n > 1 else f"{m.manufacturer} {m.designation}".strip(), where, f"{m.impulse_class}, {m.impulse:,.0f} N s",
            f"{m.average_thrust:.0f} N", f"{m.burn_time:.1f} s", told.shown(m.propellant_mass, "mass", 3), certification(m),
        )  # fmt: skip

    rows = tuple(row(f.motor, n, _place(f.tube.mount, f.stage)) for f, n in motors_told(told))
    note = ""
    if len(launch.filled) > 1:
        note = f"All {len(launch.filled)} together: {launch.total_impulse:,.0f} N s, class {impulse_class(launch.total_impulse)}, {told.shown(launch.propellant_mass, 'mass', 3)} of propellant."
    return Table(
        ("Motor", "In", "Class, impulse", "Average", "Burns", "Propellant", "Asks for"),
        rows,
        numbers=(3, 4, 5),
        note=note,
    )


def _place(mount: str, stage: str) -> str:
    return stage if not mount or mount.startswith(("parts[", "stages[")) else mount


def _recovery(told: Told) -> Table:
    sizes = {x.path: x.size for x in bill_in(bill_of(told.project.launch.rocket), told.units)}
    rows = [
        (i.name + (f" x {i.copies}" if i.copies > 1 else ""), i.within or "-", charges_of(told, i).words, sizes[i.path] or "-")
        for i in devices_of(told)
    ]  # fmt: skip
    if not rows:
        rows = [("none", "-", "it comes down as it is", "-")]
    return Table(("Recovery", "Of", "Let go by", "Size"), tuple(rows))


def _steps(told: Told) -> list[Block]:
    more = [
        s for s in told.project.launch.schedule if s.kind == "separation" or s.what.event != "launch" or s.what.delay
    ]
    if not more:
        return []
    return [Table(("In flight", "What", "When, and only if"), tuple((s.name, s.kind, says(s, told)) for s in more))]


def _rules(told: Told) -> list[Block]:
    if not told.answers:
        return []
    rows = tuple(
        (a.rule.title + ("" if a.rule.confirmed else " (unconfirmed)"), show_beside(a.value, a, told.units), show_limit(a, told.units), _VERDICT[a.verdict], a.pack.id)
        for a in told.answers
    )  # fmt: skip
    note = "? is not answered by the files: the range answers it on the day. Of one nominal flight; what may go wrong is in downrange safety."
    return [Table(("Rule", "Value", "Limit", "Kept", "Code"), rows, numbers=(1, 2), note=note)]


# ---- behind the card ----------------------------------------------------------------------------------------------


def _sheet(told: Told) -> list[Block]:
    """What a TAP or an L3CC asks for beside the card: drawing, parts, materials, what is to be filled in."""
    rocket = told.project.launch.rocket
    bill = bill_in(bill_of(rocket), told.units)
    rows = tuple(
        (
            x.name,
            x.kind,
            x.material or "-",
            x.size or "-",
            str(x.count),
            told.shown(x.total, "mass", 3) if x.total else x.how,
        )
        for x in bill
    )
    picture = figure_picture(
        rocket_figure(told.flight.program),
        "rocket",
        f"{rocket.name} from the side with its centres of gravity and pressure",
        units=told.units,
    )
    fill = ("Glue and fillets, reinforcement", "Motor retention", "Altimeters, make and how many", "Batteries and switches of each", "Charges: mass, ground test on", "Shear pins", "Tracker and frequency", "Vent holes")  # fmt: skip
    return [
        PageBreak(), Heading("Data sheet for certification"),
        Paragraph("Level 3 asks for the design's papers before it is built: this sheet, the drawings of downrange workshop, a wiring diagram of the recovery, and the checklist."),
        picture, Heading("Parts", 2), Table(("Part", "Kind", "Material", "Size", "Count", "Mass"), rows, numbers=(4, 5), name="parts"),
        Heading("To be filled in", 2), Table(("What", "As built"), tuple((w, _BLANK * 4) for w in fill)),
        Table(("Flyer, date", "First adviser (TAP or L3CC), number, date", "Second adviser, number, date"), ((_BLANK, _BLANK, _BLANK),)),
    ]  # fmt: skip
