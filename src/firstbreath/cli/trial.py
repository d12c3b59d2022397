"""`begin`, `amend` and `act`: the one door, from the command line."""

from collections.abc import Mapping
from pathlib import Path
from typing import get_args

import click
import msgspec

from firstbreath.cli.exits import Exit, Stop, render_reason, stop_for_findings
from firstbreath.cli.files import MAX_FILE_BYTES, explained_disk, read_protocol_files
from firstbreath.cli.say import folder_argument, json_option, print_json
from firstbreath.cli.study import Study, no_log, system_clock
from firstbreath.events.decisions import Allowed, Decision, Reason, Unknown
from firstbreath.events.kinds import DeviationRecorded
from firstbreath.people.rights import SIGNING_ACTS
from firstbreath.protocol.findings import suggest
from firstbreath.protocol.folder import parse_protocol
from firstbreath.subjects.codes import shown_code
from firstbreath.trial.commands import AdoptProtocol, AmendProtocol, AnyCommand, act_of
from firstbreath.trial.door import Answer, Request
from firstbreath.trial.moment import complain_of_occurred


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
    complaint = complain_of_occurred(about["occurred"], system_clock())
    if complaint:
        raise Stop(Exit.USAGE, complaint)
    request = Request(command=parse_command(command), **about)
    study = open_trial(folder)
    if act_of(request.command) in SIGNING_ACTS and study.door().history.now.people.by_id:
        what = f"{act_of(request.command)} is a signature, and whoever signs proves it by a password."
        raise Stop(Exit.USAGE, what, "Sign on the site: firstbreath serve.")
    for name in getattr(request.command, "photographs", ()):
        if not study.blobs.check(name):
            raise Stop(Exit.USAGE, f"Photograph {name[:16]!r} is not stored here. Store it first: firstbreath attach.")
    conclude(study.door().act(request), as_json=as_json)


@click.command()
@folder_argument
@click.argument("subject")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def attach(folder: Path, subject: str, file: Path) -> None:
    """Store FILE encrypted under SUBJECT's key, and print the name by which an act refers to it."""
    study = open_trial(folder)
    if study.door().history.now.subjects.get(subject) is None:
        raise Stop(Exit.USAGE, f"Subject {shown_code(subject)} is not known. Open screening first.")
    with explained_disk(file):
        if file.stat().st_size > MAX_FILE_BYTES:
            raise Stop(Exit.INPUT, f"{file.name} is larger than {MAX_FILE_BYTES} bytes. Make it smaller.")
        content = file.read_bytes()
    click.echo(study.blobs.put(subject, content))


def open_trial(folder: Path) -> Study:
    """A study whose trial has begun."""
    study = Study(folder)
    if not study.has_log:
        raise no_log(folder)
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
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as wrong:
        raise Stop(Exit.USAGE, f"This is no command: {wrong}.", hint_for(text, str(wrong))) from None
    return command


def hint_for(text: str, wrong: str) -> str:
    """What to do about a text that is no command."""
    if "Expected `str" in wrong and ("got `int`" in wrong or "got `float`" in wrong):
        return 'Write numbers as they were written down, in quotes: "2.0e8".'
    try:
        given = msgspec.json.decode(text.encode())
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        given = None
    if not isinstance(given, dict):
        return 'Write JSON such as {"act": "open_screening", "subject": "S1"}; docs/commands.md lists every act.'
    acts = [str(command.__struct_config__.tag) for command in get_args(AnyCommand)]
    named = str(given.get("act", ""))
    hint = "" if named in acts else f"{suggest(named, acts)} "
    return f"{hint}docs/commands.md lists every act with its fields."


def check_texts(texts: Mapping[str, str]) -> None:
    """Stop when a text of the command line is not valid Unicode: it could not be written to the log."""
    for name, text in texts.items():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise Stop(Exit.USAGE, f"--{name} is not valid text. Type it again in UTF-8.") from None
        if name in ("actor", "role") and not text.strip():
            raise Stop(Exit.USAGE, f"--{name} is empty. Say who acts, and as what.")


def conclude(answer: Answer, *, as_json: bool) -> None:
    """Print the answer, and end with 4 when the act was not allowed."""
    if as_json:
        print_json(
            {"decision": word_of(answer.decision), "reasons": reasons_of(answer.decision), "events": answer.events}
        )
    else:
        for event in answer.events:
            said = f"{word_of(answer.decision).upper()}: event {event.seq} {event.kind} {event.subject}".rstrip()
            click.echo(f"{said}: {event.body.text}" if isinstance(event.body, DeviationRecorded) else said)
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
