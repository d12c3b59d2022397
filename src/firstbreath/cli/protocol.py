"""`new`, `check` and `protocol`: study folders before and beside the trial."""

import re
from collections.abc import Mapping
from pathlib import Path

import click

from firstbreath.cli.exits import Exit, stop_for_findings
from firstbreath.cli.files import (
    SHIPPED,
    find_study,
    new_folder,
    read_protocol_files,
    shipped_study,
    write_files,
)
from firstbreath.cli.say import json_option, print_json
from firstbreath.cli.study import Study
from firstbreath.protocol.check_words import list_without_words
from firstbreath.protocol.diff import compute_changes, render_changes
from firstbreath.protocol.folder import PROTOCOL_FILES, parse_protocol
from firstbreath.protocol.schema import render_schema, schema_name
from firstbreath.protocol.show import render_protocol
from firstbreath.protocol.values import Protocol

MAX_NAMED = 8


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--like", type=click.Choice(SHIPPED), default="mexcovid", show_default=True, help="Begin with this one.")
def new(folder: Path, like: str) -> None:
    """Start a study: FOLDER gets a protocol to edit and a key of its own."""
    files = read_protocol_files(shipped_study(like))
    files["protocol.toml"] = without_identity(files["protocol.toml"], name=folder.resolve().name)
    with new_folder(folder) as made:
        write_files(made / "protocol", with_schemas(files))
        Study(made).create_key()
    click.echo(f"{folder} is ready. Name the trial and edit {folder}/protocol, then: firstbreath check {folder}")


def without_identity(text: str, *, name: str) -> str:
    """A protocol file called after its folder, without registration, sponsor and sites: a new trial has its own."""
    called = re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_")[:40]
    trial_id = called if re.match(r"[A-Z]", called) else f"TRIAL_{called}"[:40].rstrip("_")
    text = re.sub(r'^id = ".*"$', f'id = "{trial_id}"', text, count=1, flags=re.MULTILINE)
    text = re.sub(r'^(registration|sponsor) = ".*"$', r'\1 = ""', text, flags=re.MULTILINE)
    text = re.sub(r"^sites = \[.*\]$", "sites = []", text, flags=re.MULTILINE)
    return re.sub(r'^title = "(.*)"$', r'title = "To be named, begun like: \1"', text, count=1, flags=re.MULTILINE)


def with_schemas(files: Mapping[str, str]) -> dict[str, bytes]:
    """The files of a new study with the schema of each beside it, named in its first line for editors."""
    written = {schema_name(name): render_schema(name).encode() for name in files}
    for name, text in files.items():
        body = text.partition("\n")[2] if text.startswith("#:schema") else text
        written[name] = f"#:schema ./{schema_name(name)}\n{body}".encode()
    return written


@click.command()
@click.argument("study")
@json_option
def check(study: str, *, as_json: bool) -> None:
    """Check the protocol of STUDY (a folder, mexcovid or mexvt); every finding at once."""
    parsed, findings = parse_protocol(read_protocol_files(find_study(study)))
    if as_json:
        print_json(findings)
    if findings and not as_json:
        raise stop_for_findings(Exit.PROTOCOL, findings)
    if findings:
        raise SystemExit(Exit.PROTOCOL)
    if parsed and not as_json:
        design = parsed.design
        click.echo(
            f"{design.trial.id}: nothing to correct. {len(design.criteria)} criteria, {len(parsed.forms)} forms, "
            f"{len(design.visits)} visits, {len(design.gates)} gates. Digest {parsed.digest[:16]}."
        )
        for language in parsed.words:
            say_what_has_no_words(parsed, language)


def say_what_has_no_words(parsed: Protocol, language: str) -> None:
    """Say what is shown in English for want of words in a language."""
    lacking = list_without_words(parsed, language)
    named = f", shown as declared: {', '.join(lacking[:MAX_NAMED])}{', ...' * (len(lacking) > MAX_NAMED)}"
    click.echo(f"{language}: {len(lacking)} texts have no words{named if lacking else ''}.")


@click.group()
def protocol() -> None:
    """Show a protocol, or what an amendment changes, as people read them."""


def read_protocol(study: str) -> Protocol:
    """The protocol of a folder or shipped study; findings stop the command."""
    parsed, findings = parse_protocol(read_protocol_files(find_study(study)))
    if parsed is None:
        raise stop_for_findings(Exit.PROTOCOL, findings)
    return parsed


@protocol.command()
@click.argument("study")
@json_option
def show(study: str, *, as_json: bool) -> None:
    """Show the protocol of STUDY."""
    parsed = read_protocol(study)
    if as_json:
        print_json(parsed)
    else:
        click.echo(render_protocol(parsed))


@protocol.command()
@click.argument("old")
@click.argument("new")
@json_option
def diff(old: str, new: str, *, as_json: bool) -> None:
    """Show what changes from OLD to NEW."""
    changes = compute_changes(read_protocol(old), read_protocol(new))
    if as_json:
        print_json(changes)
    else:
        click.echo(render_changes(changes))


@protocol.command()
@click.argument("name", type=click.Choice(sorted(PROTOCOL_FILES)))
def schema(name: str) -> None:
    """Print the JSON Schema of a protocol file, for editors."""
    click.echo(render_schema(name), nl=False)
