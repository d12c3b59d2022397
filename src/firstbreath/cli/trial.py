"""`begin`, `amend` and `act`: the one door, from the command line."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from firstbreath.cli.exits import Exit, Stop, render_reason, stop_for_findings
from firstbreath.cli.files import read_protocol_files
from firstbreath.cli.say import folder_argument, json_option, print_json
from firstbreath.cli.study import Study
from firstbreath.events.decisions import Allowed, Decision, Reason, Unknown
from firstbreath.protocol.folder import parse_protocol
from firstbreath.trial.commands import AdoptProtocol, AmendProtocol, AnyCommand
from firstbreath.trial.door import Answer, Request


@click.command()
@folder_argument
@click.option("--actor", required=True, help="Who begins the trial.")
@click.option("--role", default="sponsor", show_default=True, help="As what.")
@json_option
def begin(folder: Path, actor: str, role: str, *, as_json: bool) -> None:
    """Begin the trial of FOLDER: its protocol becomes the first event of a new log."""
    files = checked_protocol_files(folder)
    check_texts({"actor": actor, "role": role})
    request = Request(command=AdoptProtocol(files=files), actor=actor, role=role, source=f"{folder.name}/protocol")
    conclude(Study(folder).door().act(request), as_json=as_json)


@click.command()
@folder_argument
@click.option("--actor", required=True, help="Who amends.")
@click.option("--role", default="sponsor", show_default=True, help="As what.")
@click.option("--reason", required=True, help="Why the protocol changes.")
@json_option
def amend(folder: Path, actor: str, role: str, reason: str, *, as_json: bool) -> None:
    """Bring the edited protocol of FOLDER into force."""
    check_texts({"actor": actor, "role": role, "reason": reason})
    command = AmendProtocol(files=checked_protocol_files(folder), summary=reason)
    request = Request(command=command, actor=actor, role=role, reason=reason, source=f"{folder.name}/protocol")
    conclude(open_trial(folder).door().act(request), as_json=as_json)


@click.command()
@folder_argument
@click.argument("command")
@click.option("--actor", required=True, help="Who acts.")
@click.option("--role", required=True, help="As what: investigator, nurse, pharmacist, ...")
@click.option("--reason", default="", help="Why, for corrections and whatever needs one.")
@click.option("--occurred", default="", help="When it happened: ISO 8601.")
@click.option("--source", default="command line", show_default=True, help="Where it was first written.")
@json_option
def act(folder: Path, command: str, *, as_json: bool, **about: str) -> None:
    """Ask for an act, given as JSON: '{"act": "enrol_subject", "subject": "P2", "arm": "haMSC_Exos"}'.

    The answer is allowed, refused or unknown, and is written to the log either way.
    """
    check_texts(about)
    check_occurred(about["occurred"])
    request = Request(command=parse_command(command), **about)
    conclude(open_trial(folder).door().act(request), as_json=as_json)


def open_trial(folder: Path) -> Study:
    """A study whose trial has begun."""
    study = Study(folder)
    if not study.log_path.is_file():
        raise Stop(Exit.USAGE, f"{folder} has no log. Begin the trial first: firstbreath begin {folder}.")
    return study


def checked_protocol_files(folder: Path) -> dict[str, str]:
    """The protocol files of a folder; findings stop the command."""
    files = read_protocol_files(folder)
    protocol, findings = parse_protocol(files)
    if protocol is None:
        raise stop_for_findings(Exit.PROTOCOL, findings)
    return files


def parse_command(text: str) -> AnyCommand:
    """The command a JSON text states."""
    try:
        command: AnyCommand = msgspec.json.decode(text.encode(), type=AnyCommand)
    except (msgspec.DecodeError, UnicodeEncodeError) as wrong:
        raise Stop(Exit.USAGE, f"This is no command: {wrong}. See docs/commands.md.") from None
    return command


def check_texts(texts: Mapping[str, str]) -> None:
    """Stop when a text of the command line is not valid Unicode: it could not be written to the log."""
    for name, text in texts.items():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise Stop(Exit.USAGE, f"--{name} is not valid text. Type it again in UTF-8.") from None


def check_occurred(text: str) -> None:
    """Stop unless the text is empty, an ISO 8601 date or time, or an interval of two (one side may be open)."""
    for part in text.split("/") if text else ():
        try:
            moment = datetime.fromisoformat(part) if part else datetime.now(UTC)
        except ValueError:
            raise Stop(Exit.USAGE, f"{text!r} is no ISO 8601 date, time or interval.") from None
        if "T" in part and moment.tzinfo is None:
            raise Stop(Exit.USAGE, f"{text!r} has no time zone. Add one, such as +08:00.")


def conclude(answer: Answer, *, as_json: bool) -> None:
    """Print the answer, and end with 4 when the act was not allowed."""
    if as_json:
        print_json(
            {"decision": word_of(answer.decision), "reasons": reasons_of(answer.decision), "events": answer.events}
        )
    else:
        for event in answer.events:
            click.echo(f"{word_of(answer.decision).upper()}: event {event.seq} {event.kind} {event.subject}".rstrip())
        for reason in reasons_of(answer.decision):
            click.echo(f"  {render_reason(reason)}")
    if not isinstance(answer.decision, Allowed):
        raise SystemExit(Exit.NOT_ALLOWED)


def word_of(decision: Decision) -> str:
    """`allowed`, `refused` or `unknown`."""
    return type(decision).__name__.lower()


def reasons_of(decision: Decision) -> tuple[Reason, ...]:
    """The reasons of a refusal, or what is missing."""
    if isinstance(decision, Allowed):
        return ()
    return decision.missing if isinstance(decision, Unknown) else decision.reasons
