"""An example of each command, shown under its help."""

from __future__ import annotations

__all__ = ["EXAMPLES", "example_text"]

EXAMPLES: dict[str, tuple[str, ...]] = {
    "new": ("new first_rocket", "new big --template 54mm"),
    "import": ("import my_design.ork --out my_design",),
    "compare": ("compare launch.yaml --set fins.span=60mm", 'compare launch.yaml --motor "Estes C6-5" --motor "Estes B6-4"'),
    "sweep": ("sweep launch.yaml fins.span=40mm..60mm/5 --of apogee",),
    "solve": ('solve launch.yaml --want "apogee 350 m" --by "ballast 0..30 g"',),
    "optimise": ("optimise launch.yaml goals.yaml",),
    "bench": ("bench canopy mass=1.2kg rate=5m/s",),
    "workshop": ("workshop rocket.yaml -o workshop",),
    "checklist": ("checklist launch.yaml", "checklist launch.yaml -o checklist.pdf"),
    "card": ("card launch.yaml -o card.pdf",),
    "export": ("export launch.yaml -o flight.kml",),
    "fair analyse": ("fair analyse trial/sheet.csv -o result.pdf",),
    "fair plan": ('fair plan "Do larger fins fly lower?" launch.yaml -o trial',),
    "lesson": ("lesson why-fins launch.yaml -o lesson",),
    "studio": ("studio launch.yaml",),
    "check": ("check launch.yaml",),
    "disperse": ("disperse launch.yaml -n 1000 -o campaign",),
    "fly": ("fly launch.yaml", 'fly --motor "Estes B6-4" --wind "3 m/s from 270 deg" -o out'),
    "hil": ('hil launch.yaml --link "run:python brake_client.py"',),
    "explain": ("explain apogee launch.yaml",),
    "help": ("help margin",),
    "aero": ("aero rocket.yaml --mach 0.3", "aero launch.yaml -o aero.png"),
    "loads": ("loads launch.yaml",),
    "motor compare": ("motor compare one.ric two.ric",),
    "motor design": ('motor design motor.ric --pressure "4 MPa"',),
    "motor engine": ("motor engine engine.yaml -o engine.eng",),
    "motor find": ('motor find "29 mm G"',),
    "motor reduce": ('motor reduce thrust.csv --propellant-mass "60 g"',),
    "motor show": ('motor show "Estes C6-5"',),
    "motor simulate": ("motor simulate motor.ric -o thrust.csv",),
    "safety": ("safety launch.yaml --rules nar-model",),
    "aim": ("aim launch.yaml --hold",),
    "window": ("window launch.yaml --weather forecast -o window.png",),
    "find": ('find launch.yaml --seen "bearing 240 deg at landing from pad"',),
    "predict board": ("predict board launch.yaml -o board.html", "predict board rockets/ -o board.pdf"),
    "predict next": ("predict next launch.yaml",),
    "learn": ("learn launch.yaml log.csv",),
    "log reconstruct": ("log reconstruct log.csv -o flight",),
    "log show": ("log show log.csv",),
    "diagnose": ("diagnose launch.yaml --log log.csv",),
    "track": ('track --baseline "300 m" --sight "30° 50°" --sight "70° 62°"',),
    "weather fetch": ("weather fetch launch.yaml",),
    "weather show": ("weather show launch.yaml forecast.json",),
    "plot": ("plot launch.yaml -o figures",),
    "notebook add": ('notebook add launch.yaml --title "First launch" --text "Straight."',),
    "notebook begin": ("notebook begin launch.yaml",),
    "notebook show": ("notebook show launch.yaml -o notebook.html",),
    "report": ("report launch.yaml --kind flight -o flight.pdf",),
    "doctor": ("doctor",),
    "completion": ("completion bash",),
    "schema": ("schema launch",),
}  # fmt: skip


def example_text(name: str) -> str | None:
    """What stands under the help of a command: its examples, a line each.

    name: the command, of several words where it is one of several.
    """
    lines = EXAMPLES.get(name, ())
    return "\b\nFor example:\n" + "\n".join(f"  downrange {line}" for line in lines) if lines else None
