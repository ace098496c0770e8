"""downrange completion"""

from __future__ import annotations

import click

SHELLS = {
    "bash": "source <(downrange completion bash)      # in ~/.bashrc",
    "zsh": "source <(downrange completion zsh)       # in ~/.zshrc",
    "fish": "downrange completion fish | source       # in ~/.config/fish/config.fish",
    "powershell": "downrange completion powershell | Out-String | Invoke-Expression    # in $PROFILE",
}


@click.command("completion")
@click.argument("shell", type=click.Choice(list(SHELLS)))
def command(shell: str) -> None:
    """Print what makes SHELL complete commands, options, motors, topics and keys with the Tab key.

    \b
    bash:        source <(downrange completion bash)      in ~/.bashrc
    zsh:         source <(downrange completion zsh)       in ~/.zshrc
    fish:        downrange completion fish | source       in ~/.config/fish/config.fish
    powershell:  downrange completion powershell | Out-String | Invoke-Expression
                 in $PROFILE
    """
    from click.shell_completion import get_completion_class

    from downrange.cli.complete import register
    from downrange.cli.main import main

    register()
    made = get_completion_class(shell)
    assert made is not None
    click.echo(made(main, {}, "downrange", "_DOWNRANGE_COMPLETE").source())
    click.echo(f"# {SHELLS[shell]}")
