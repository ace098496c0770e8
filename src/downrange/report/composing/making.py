"""A kind and what is known of a launch, made into a document; whatever is not known is said to be not stated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from downrange.errors import InputError, NotFoundError, suggest
from downrange.formats.reading import Folder, read_bytes
from downrange.project.review import read_review
from downrange.report.composing.figures import FIGURES
from downrange.report.composing.issue import Issue, mark_tables
from downrange.report.composing.kind import BlockFile, Kind, milestone_of
from downrange.report.composing.languages import LANGUAGES
from downrange.report.composing.material import Material, Missing, label_of, marked, shown, told
from downrange.report.composing.sources import sources_of
from downrange.report.composing.tables import TABLES
from downrange.report.documents import (
    WORDS,
    Block,
    Contents,
    Document,
    Heading,
    Note,
    PageBreak,
    Paragraph,
    Picture,
    References,
    Table,
    Text,
    figure_picture,
    plain_text,
    read_markdown,
    read_picture,
    texts,
    write_documents,
)
from downrange.steps import step

if TYPE_CHECKING:
    from downrange.project import Project

__all__ = ["Composed", "compose", "compose_project", "texts_folder"]

_LARGEST = 1_000_000  # bytes of a text
_TEXTS = "reports"
_POSTER = 1.35  # by how much the letters of a poster's figures are larger in proportion: it is read from two metres


class _Values(dict[str, str]):
    """What a document says by name; what it does not say is asked of what is known."""

    def __init__(self, said: Mapping[str, str], material: Material) -> None:
        super().__init__(said)
        self.material = material

    def __missing__(self, name: str) -> str:
        return plain_text(self.material.said(name))


@dataclass(frozen=True, eq=False)
class Composed:
    """A document, the issue that it is, and what could not be stated in it."""

    document: Document
    issue: Issue
    not_stated: tuple[str, ...]
    material: Material = field(repr=False)

    @property
    def values(self) -> Mapping[str, str]:
        """For a Word template: every number and word, as the document names it or else as it would."""
        return _Values(self.issue.said, self.material)

    def write_all(self, paths: Sequence[str | Path], template: str | Path | None = None) -> tuple[Path, ...]:
        """Write the document under several names as `documents.write_documents` does, none before all are made; returns the paths.

        template: a Word file of one's own, for those that end in .docx
        """
        own = None if template is None else Path(template)
        return write_documents(self.document, paths, template=own, values=self.values)

    def write(self, path: str | Path, template: str | Path | None = None) -> Path:
        """Write the document as `documents.write_document` does: .pdf, .html, .docx, or a folder without a suffix; returns the path.

        template: a Word file of one's own, for a .docx
        """
        return self.write_all((path,), template)[0]


def texts_folder(material: Material, kind: Kind) -> Path:
    """Where people's texts for a kind of document lie: `reports/KIND` beside the launch file."""
    return material.project.path.parent / _TEXTS / kind.name


def compose(kind: Kind, material: Material, since: Issue | None = None) -> Composed:
    """Make the document of a kind.

    kind: its template. material: what is known. since: the issue whose numbers are to be marked where they changed.
    Raises `InputError` for a template that asks for what there is not, and for texts that do.
    """
    milestone = milestone_of(kind, material.milestone)
    if milestone != material.milestone:
        material = replace(material, milestone=milestone)
    if since is not None and since.units != material.units:
        raise InputError(
            f"the last issue was in {since.units} units, this one is in {material.units}: numbers cannot be compared; give --units {since.units}",
            key="--since",
        )
    if since is not None and since.kind != kind.name:
        raise InputError(f"that is an issue of {since.kind!r}, and this a document of {kind.name!r}", key="--since")
    maker = _Maker(kind, material, since)
    with step("making the document"):
        made = maker.blocks()
        blocks, cells = mark_tables(made, since, maker.word("was"))
        f = kind.file
        document = Document(
            _title(maker), blocks, plain_text(maker.line(f.subtitle)),
            tuple((name, plain_text(maker.line(value))) for name, value in f.facts.items()), f.language, kind.look, maker.words,
            f"{material.words['rocket']}, {f.name}{f' {milestone}' if milestone else ''}, {material.words['today']}, design {material.hash}",
        )  # fmt: skip
    said = {k: plain_text(v) for k, v in maker.said.items()}
    numbers = {k: v for k, v in material.flight.summary().items() if isinstance(v, int | float) or v is None}
    issue = Issue(
        kind.name, material.units, material.words["today"], material.hash, numbers, {**material.words, **said}, cells
    )
    return Composed(document, issue, tuple(maker.missing), material)


def _title(maker: _Maker) -> str:
    """The document's title: the milestone's own, or else the kind's with the milestone behind it."""
    f, at = maker.kind.file, maker.material.milestone
    own = f.milestones.get(at, "") if at else ""
    return plain_text(maker.line(own or f.title)) + (f", {at}" if at and not own else "")


@dataclass
class _Maker:
    kind: Kind
    material: Material
    since: Issue | None
    said: dict[str, Text] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    used: list[str] = field(default_factory=list)

    @property
    def words(self) -> Mapping[str, str]:
        """The words of the document's language, and the kind's own."""
        return {**LANGUAGES.get(self.kind.file.language, {}), **self.kind.file.words}

    def word(self, name: str) -> str:
        """A word of the document's own."""
        return self.words.get(name, WORDS[name])

    def blocks(self) -> tuple[Block, ...]:
        """All blocks, in order."""
        out: list[Block] = []
        for k, b in enumerate(self.kind.file.blocks):
            try:
                if not b.when or any(map(self.applies, b.when)):
                    out += self.block(b)
            except InputError as error:
                if error.file is not None or (error.key or "").startswith("--"):
                    raise
                raise type(error)(error.message, file=str(self.kind.folder / "kind.yaml"), key=f"blocks[{k}]") from None
        return _gathered(out, self.word("not stated"))

    def applies(self, need: str) -> bool:
        """Whether what a block is for is there: what it needs, or the milestone."""
        m = self.material
        if need in self.kind.file.milestones:
            return need == m.milestone
        if need == "no milestone":
            return m.milestone is None
        if need == "subscale":
            return m.subscale is not None
        if need == "experiment":
            return m.has_experiment
        if need == "campaign":
            return m.several is not None
        if need == "logs":
            return bool(m.logs)
        if need == "review":
            return read_review(m.project) is not None
        if need == "landing":
            return bool(m.flight.came_down)
        several = len({id(b.flight) for b in m.flight.came_down}) > 1
        return several if need == "several bodies" else not several

    def block(self, b: BlockFile) -> Iterator[Block]:
        """What a block of the template becomes."""
        if b.heading is not None:
            yield Heading(plain_text(self.line(b.heading)), b.level, b.counted)
        elif b.text is not None:
            yield from read_markdown(b.text, values=self.value, below=1)
        elif b.include is not None:
            yield from self.included(b.include, b.ask, b.at_most)
        elif b.numbers is not None:
            yield self.numbers(b.numbers, b.caption)
        elif b.table is not None:
            yield from self.table(b.table, b.caption)
        elif b.figure is not None:
            yield from self.figure(b.figure, b.caption, b.share)
        elif b.contents is not None:
            yield Contents(b.contents)
        elif b.checklist:
            yield from self.checklist()
        elif b.references:
            yield Heading(self.word("references"), 1, False)
            yield References(sources_of(self.material, self.used))
        else:
            yield PageBreak()

    def line(self, text: str) -> Text:
        """A line of a template with its numbers put in."""
        blocks = read_markdown(text, values=self.value) if "{{" in text else (Paragraph(text),)
        return blocks[0].text if blocks and isinstance(blocks[0], Paragraph) else text

    def value(self, name: str) -> Text:
        """What stands for `{{name}}`, marked where it is not what the last issue said."""
        now = plain_text(self.material.said(name))
        if now == "not stated":
            now = self.word("not stated")
        key = " ".join(name.replace("_", " ").split()).lower()
        self.said[key] = self.said[name.strip()] = now
        before = None if self.since is None else self.since.said.get(key)
        if before is None or key in ("today", "version", "design", "milestone"):
            return now
        return marked(now, before, self.word("was"))

    def numbers(self, names: list[str], caption: str | None) -> Table:
        """A table of numbers: what each is, how large, between what 9 of 10 flights lie, and its definition."""
        rows: list[tuple[Text, Text, Text, Text]] = []
        known = False
        for name in names:
            output, value = self.material.number(name)
            spread = self.material.spread(output)
            now = shown(output, value, self.material.units)
            self.said[output.name.replace("_", " ")] = now
            known = known or spread is not None
            low_high = "-" if spread is None else _between(*(shown(output, v, self.material.units) for v in spread))
            meaning = output.meaning.replace("; null where", "; none where")  # the word of JSON
            rows.append((label_of(output.name, self.kind.file.labels), now, low_high, meaning))
        note = "9 of 10 flights that go as planned lie between these."
        if self.kind.look.columns > 1:  # a narrow column has no room for a third of words
            return _narrow(rows, caption, note if known else "")
        if not known:
            plain = tuple((a, b, d) for a, b, _, d in rows)
            return Table(
                ("", "value", "what it is"), plain, caption or "Numbers of the flight", (1,), "", caption or "numbers"
            )
        head = ("", "value", "9 of 10 flights", "what it is")
        return Table(head, tuple(rows), caption or "Numbers of the flight", (1, 2), note, caption or "numbers")

    def table(self, name: str, caption: str | None) -> Iterator[Block]:
        """A table by its name, or that it is not stated and why."""
        if name not in TABLES:
            raise NotFoundError(
                f"no table {name[:60]!r}{suggest(name, TABLES)}; there are {', '.join(TABLES)}", key="table"
            )
        self.used.append(name)
        try:
            made = TABLES[name](self.material)
            yield made if caption is None else replace(made, caption=caption)
        except Missing as why:
            yield self.not_stated(caption or name, str(why))
        except InputError as error:
            yield self.not_stated(caption or name, str(_missing(name, error)))

    def figure(self, name: str, caption: str | None, share: float) -> Iterator[Block]:
        """A figure by its name, or that it is not stated and why."""
        if name not in FIGURES:
            raise NotFoundError(
                f"no figure {name[:60]!r}{suggest(name, FIGURES)}; there are {', '.join(FIGURES)}", key="figure"
            )
        self.used.append(name)
        try:
            figure, alt, words = FIGURES[name](self.material)
            larger = _POSTER if self.kind.look.columns > 1 else 1.0
            yield figure_picture(
                figure, name, alt, caption or words, units=self.material.units, share=share, larger=larger
            )
        except Missing as why:
            yield self.not_stated(caption or name, str(why))
        except InputError as error:
            yield self.not_stated(caption or name, str(_missing(name, error)))

    def checklist(self) -> Iterator[Block]:
        """The checklist of `downrange checklist`, in the document's units."""
        from downrange.report.range.facts import told_of
        from downrange.report.range.lists import checklist_of
        from downrange.report.range.papers import checklist_blocks

        m = self.material
        yield from checklist_blocks(checklist_of(told_of(replace(m.project, units=m.units), m.flight)), 2)

    def not_stated(self, what: str, why: str) -> Note:
        """That something is not stated."""
        self.missing.append(f"{what}: {why}")
        return _Gap(f"{why}.", f"{_capital(what)}: {self.word('not stated')}.", what=(what,))

    def included(self, name: str, ask: str, at_most: int | None = None) -> Iterator[Block]:
        """A text that people wrote, or else the kind's own; or that it is not written yet, and what it should say."""
        m = self.material
        own = texts_folder(m, self.kind)
        if "/" in name or "\\" in name or not name.endswith(".md"):
            raise InputError(
                f"{name[:60]!r} is no name of a Markdown file in {own.parent.name}/{own.name}", key="include"
            )
        inside = Folder.of(m.project.path.parent)
        places = [(own, inside), (self.kind.folder, Folder(self.kind.folder, False))]
        if m.milestone is not None:
            places.insert(0, (own / m.milestone, inside))
        for folder, root in places:
            if (folder / name).is_file():
                path = root.within(folder).file(name, "include")
                text = read_bytes(path, _LARGEST).decode("utf-8", "replace")
                pictures = root.within(folder)

                def picture(p: str, alt: str, at: Folder = pictures) -> Picture:
                    return read_picture(at.file(p, "picture"), alt, alt)

                made = read_markdown(text, values=self.value, file=str(path), below=1, picture=picture)
                yield from made
                words = len(texts(tuple(made)).split())
                if at_most is not None and words > at_most:
                    self.missing.append(
                        f"{own.parent.name}/{own.name}/{name} has {words} words; at most {at_most} are allowed"
                    )
                return
        where = f"{own.parent.name}/{own.name}/{name}"
        self.missing.append(f"{where} is not written")
        yield Note(
            f"{ask or 'It is not written yet.'} (Write it in {where} beside the launch file.)",
            f"{_capital(self.word('not stated'))}.",
        )


def _missing(name: str, error: InputError) -> Missing:
    """What cannot be said, as what is missing. An error in a file that somebody gave (a log, a review, a register) stays one; a data
    sheet is looked for, and may be anything."""
    if error.file is not None and not name.startswith("experiment"):
        raise error
    return told(error)


@dataclass(frozen=True)
class _Gap(Note):
    """That `what` a section should have is not stated."""

    what: tuple[str, ...] = ()


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _gathered(blocks: list[Block], word: str) -> tuple[Block, ...]:
    """Blocks in which a section says once what all is missing for one reason."""
    out: list[Block] = []
    told: dict[str, int] = {}
    for b in blocks:
        if isinstance(b, Heading):
            told = {}
        if isinstance(b, _Gap):
            why = plain_text(b.text)
            if why in told:
                first = out[told[why]]
                assert isinstance(first, _Gap)
                what = tuple(dict.fromkeys((*first.what, *b.what)))
                out[told[why]] = replace(first, title=f"{_capital(', '.join(what))}: {word}.", what=what)
                continue
            told[why] = len(out)
        out.append(b)
    return tuple(out)


def _narrow(rows: list[tuple[Text, Text, Text, Text]], caption: str | None, note: str) -> Table:
    """A table of numbers with what each is below it."""
    meant = "; ".join(f"{plain_text(r[0])}: {plain_text(r[3])}" for r in rows)
    below = f"{meant[:1].upper()}{meant[1:]}. {note}".strip()
    heads, kept = (("", "value", "9 of 10 flights"), 3) if note else (("", "value"), 2)
    return Table(
        heads,
        tuple(r[:kept] for r in rows),
        caption or "Numbers of the flight",
        tuple(range(1, kept)),
        below,
        caption or "numbers",
    )


def _between(low: str, high: str) -> str:
    """Two numbers with the unit that they share said once.

    >>> _between("2,797 m", "3,339 m"), _between("950 m", "1.1 km")
    ('2,797 to 3,339 m', '950 m to 1.1 km')
    """
    unit = high.partition(" ")[2]
    return f"{low.removesuffix(f' {unit}')} to {high}" if unit and low.endswith(f" {unit}") else f"{low} to {high}"


def compose_project(
    project: Project, kind: Kind, *, rules: tuple[str, ...] = (), flights: int | None = None, campaign: Path | None = None,
    logs: tuple[str, ...] = (), subscale: Path | None = None, contest: str | None = None, units: str | None = None, since: Issue | None = None,
    milestone: str | None = None,
) -> Composed:  # fmt: skip
    """Make the document of a kind about a project, with the kind's rules, campaign and units where nothing else is said.

    rules: packs. flights: of the campaign, 0 for none. campaign: the folder of one that was flown before. logs: files of the flight. subscale:
    the launch of the smaller rocket. contest: a season. units: `metric` or `us`. milestone: of the kind. Raises `InputError` for a campaign of another launch, and for
    a milestone that the kind does not have.
    """
    from downrange.project.assessment import choose_packs
    from downrange.project.campaigns import read_campaign
    from downrange.project.manifest import check_same

    given = None
    milestone = milestone_of(kind, milestone)
    choose_packs(project, rules or tuple(kind.file.rules))  # a pack that there is not is told before the work
    if campaign is not None:
        given = read_campaign(campaign)
        check_same(project, given.notes or {})
    f = kind.file
    material = Material(
        project, units or f.units or project.units, f.flights if flights is None else flights, rules or tuple(f.rules), logs, subscale, given,
        contest or f.contest, milestone,
    )  # fmt: skip
    return compose(kind, material, since)
