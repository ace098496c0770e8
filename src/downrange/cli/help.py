"""downrange help"""

from __future__ import annotations

import click

from downrange.cli.complete import WORD
from downrange.cli.options import show


@click.command("help")
@click.argument("topic", nargs=-1, type=WORD)
@click.pass_context
def command(ctx: click.Context, topic: tuple[str, ...]) -> None:
    """Explain a word of rocketry in a screen: calibre, margin, weathercocking, delay, drift, ... ; a key of a file; or a command's options.

    Without TOPIC the words are listed.
    """
    from downrange.cli.main import COMMANDS, main
    from downrange.errors import NotFoundError
    from downrange.report.words import word_named, word_view, words

    if not topic:
        from downrange.report.layout import plain_table

        table = plain_table("word", "in short", words=(1,))
        for word in words().values():
            table.add_row(word.name, word.first)
        show(table)
        return
    if topic[0] in COMMANDS and not any(topic[0] in (w.name, *w.also) for w in words().values()):
        known = main.get_command(ctx, topic[0])
        assert known is not None
        with click.Context(known, info_name=f"downrange {topic[0]}") as inner:
            click.echo(known.get_help(inner))
        from downrange.project.keys import keys

        if topic[0] in keys():
            click.echo("\nIn the files:")
            _keys(topic[0])
        return
    name = " ".join(topic)
    try:
        word = word_named(name)
    except NotFoundError:
        _keys(name)
        return
    show(word_view(word))


def _keys(name: str) -> None:
    """A key of a file: where it may stand, what it is and means."""
    from downrange.project.keys import keys
    from downrange.report.layout import plain_table
    from downrange.report.words import word_named

    found = keys().get(name.strip().lower().replace(" ", "_"))
    if found is None:
        word_named(name)  # raises, with the nearest word
        return
    table = plain_table(found[0].name, "kind", "meaning", words=(1, 2))
    for key in found:
        table.add_row(key.where, key.kind, key.meaning)
    show(table)
