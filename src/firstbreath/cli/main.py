"""The commands, and how each of them ends."""

import sys
import traceback

import click

import firstbreath
from firstbreath.cli.account import account
from firstbreath.cli.backup import backup, restore
from firstbreath.cli.claims import claims
from firstbreath.cli.demo import demo
from firstbreath.cli.exits import Exit, Stop
from firstbreath.cli.log import log, state, verify
from firstbreath.cli.paper import paper
from firstbreath.cli.protocol import check, new, protocol
from firstbreath.cli.serve import serve
from firstbreath.cli.simulate import simulate
from firstbreath.cli.stats_commands import stats
from firstbreath.cli.trial import act, amend, attach, begin
from firstbreath.events.chain import ChainBroken
from firstbreath.events.record import UnreadableRecord
from firstbreath.events.store import HeadMoved, StoreError
from firstbreath.trial.fold import UnfoldableLog


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(firstbreath.__version__, prog_name="firstbreath")
def commands() -> None:
    """Run a small trial of an inhaled medicine, from its protocol file to its published paper.

    Begin with: firstbreath demo
    """


@commands.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script of a shell: eval "$(firstbreath completion bash)"."""
    from click.shell_completion import get_completion_class

    complete = get_completion_class(shell)
    if complete is not None:
        click.echo(complete(commands, {}, "firstbreath", "_FIRSTBREATH_COMPLETE").source())


for command in (
    account,
    demo,
    new,
    check,
    protocol,
    begin,
    amend,
    act,
    attach,
    state,
    log,
    verify,
    paper,
    claims,
    stats,
    serve,
    backup,
    restore,
    simulate,
):
    commands.add_command(command)


def main() -> None:
    """Run a command; every failure becomes plain words on standard error and an exit code."""
    try:
        commands(prog_name="firstbreath", standalone_mode=False)
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(Exit.USAGE)
    except click.Abort:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(Exit.DONE)
    except Exception as error:
        code, lines = explain(error)
        end(code, *lines)


def explain(error: Exception) -> tuple[Exit, tuple[str, ...]]:
    """The exit code of an error and what to say: who must act, and how."""
    match error:
        case Stop():
            return error.code, error.lines
        case StoreError():
            return Exit.STORAGE, (error.what, error.fix)
        case HeadMoved():
            return Exit.TRY_AGAIN, ("Someone else acted first, many times in a row. Try again.",)
        case ChainBroken():
            what = f"The log is not what was written: {error}."
            return Exit.LOG_BROKEN, (what, "Nothing was done. Keep the folder as it is; run firstbreath verify on it.")
        case UnreadableRecord() | UnfoldableLog():
            return Exit.LOG_BROKEN, (f"The log cannot be read: {error}.", "Run firstbreath verify on this folder.")
        case RecursionError():
            return Exit.INPUT, ("The input is nested too deeply to be read. Make it flatter.",)
    place = traceback.extract_tb(error.__traceback__)[-1]
    what = f"A fault of firstbreath {firstbreath.__version__}: {type(error).__name__} in {place.name} ({place.lineno})."
    return Exit.BUG, (what, "Nothing more was written. Please report this line.")


def end(code: Exit, *lines: str) -> None:
    """Say why on standard error, and leave."""
    for line in lines:
        click.echo(line, err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
