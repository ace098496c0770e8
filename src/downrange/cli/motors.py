"""Motors side by side: what `downrange compare --motor` and `--motors` do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from downrange.cli.options import print_json, progress, show, write_each

__all__ = ["one_by_one", "ranked"]


def one_by_one(project: Any, motors: tuple[str, ...], out: tuple[Path, ...], as_json: bool) -> None:
    """Motors that were named; one alone beside the project's own."""
    from downrange.project.choosing import motor_card, motor_cards
    from downrange.report.choosing import cards_figure, cards_view, write_cards

    own = (motor_card(project),) if len(motors) == 1 else ()
    cards = (*own, *motor_cards(project, motors))
    name = project.launch.rocket.name
    write_each(out, lambda: cards_figure(cards, name), lambda path: write_cards(cards, path), project.units)
    if as_json:
        print_json({"motors": [c.summary() for c in cards]})
    else:
        show(cards_view(cards, name, project.units))


def ranked(
    project: Any,
    query: str,
    goals: tuple[str, ...],
    *,
    discontinued: bool,
    top: int,
    out: tuple[Path, ...],
    as_json: bool,
) -> None:
    """The catalogue's motors that fit, best first; exits 1 where none has all that is wanted."""
    from downrange.project.asking import read_wants
    from downrange.project.choosing import motor_cards, rank_motors
    from downrange.report.choosing import cards_figure, ranking_summary, ranking_view, write_ranking

    wants = read_wants(goals) if goals else ()
    with progress("motors flown") as tell:
        ranking = rank_motors(project, query, wants, discontinued=discontinued, tell=tell)
    name = project.launch.rocket.name
    write_each(
        out,
        lambda: cards_figure(motor_cards(project, ranking.names[: min(top, 8)]), name),
        lambda path: write_ranking(ranking, path),
        project.units,
    )
    if as_json:
        print_json(ranking_summary(ranking))
    else:
        show(ranking_view(ranking, wants, name, units=project.units, top=top))
    raise click.exceptions.Exit(0 if not wants or any(ranking.met) else 1)
