"""A filled data sheet analysed, and where a project keeps its sheet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from downrange.design.experiments import Analysis, analyse_trials
from downrange.errors import InputError, NotFoundError
from downrange.formats.reading import Folder
from downrange.formats.trials import read_trials
from downrange.project.project import Project
from downrange.units import parse_quantity

__all__ = ["SheetAnalysis", "analyse_sheet", "said_quantity", "sheet_of_project"]

_HEAD = 4096  # bytes in which a sheet says what it is
_MOST = 200  # tables that are looked into


@dataclass(frozen=True, eq=False)
class SheetAnalysis:
    """A filled sheet analysed: its `analysis`, the `question` that the sheet says, and `notes` on how it was read."""

    analysis: Analysis
    question: str
    notes: tuple[str, ...]


def said_quantity(text: str | None, kind: str, key: str) -> float | None:
    """A quantity that was said, SI; None where none was. kind: of `units.DIMENSIONS`. key: named by the `InputError`."""
    if text is None:
        return None
    try:
        return parse_quantity(text, kind).value
    except InputError as error:
        raise InputError(error.message, key=key) from None


def analyse_sheet(
    sheet: str | Path, *, of: str | None = None, against: str | None = None, dose: str | None = None, blocks: bool = True, level: float | None = None,
    matters: str | None = None,
) -> SheetAnalysis:  # fmt: skip
    """Analyse a filled data sheet; the arguments are those of `dr.analyse_experiment`.

    Raises `InputError` with the line for what cannot be read or compared.
    """
    read = read_trials(sheet, of=of, control=against, dose=dose, blocks=blocks)
    counts = matters or (read.said.get("matters") if read.trials.dose is None else None)
    said = read.said.get("level", "")
    try:
        used = level if level is not None else float(said or 0.05)
    except ValueError:
        raise InputError(
            f"the sheet's line '# level:' is no number: {said[:40]!r}", file=str(sheet), key="level"
        ) from None
    smallest = said_quantity(counts, read.trials.kind, "--matters") if counts else None
    return SheetAnalysis(analyse_trials(read.trials, used, matters=smallest), read.said.get("question", ""), read.notes)


def sheet_of_project(project: Project) -> Path:
    """The one data sheet in a project's folder or a folder in it: called `sheet.csv`, or saying its `# question:` as that of `downrange fair plan` does.

    Raises `NotFoundError` where there is none, `InputError` where there are several, or where it is a link out of the project.
    """
    root = project.path.absolute().parent
    tables = sorted((*root.glob("*.csv"), *root.glob("*/*.csv")))
    if len(tables) > _MOST:
        raise InputError(f"{len(tables)} tables (.csv) lie in the project's folder; at most {_MOST} are looked into")
    inside = Folder.of(root)
    names = [p.relative_to(root).as_posix() for p in tables if p.is_file()]
    found = [n for n in names if Path(n).name == "sheet.csv" or _asks(inside.file(n, "sheet"))]
    if not found:
        raise NotFoundError(
            "no data sheet of an experiment lies in the project's folder (downrange fair plan writes one)"
        )
    if len(found) > 1:
        raise InputError(
            f"{len(found)} data sheets lie in the project's folder, keep one there: {', '.join(found)[:120]}"
        )
    return inside.file(found[0], "sheet")


def _asks(path: Path) -> bool:
    with path.open("rb") as file:
        return b"# question:" in file.read(_HEAD)
