"""`demo`: the published trial replayed, verified, checked, written and shown."""

import shutil
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from firstbreath.cli.claims import print_verdicts
from firstbreath.cli.exits import Exit, Stop, render_reason, stop_for_findings
from firstbreath.cli.files import new_folder, read_protocol_files, read_text, shipped_study
from firstbreath.cli.log import print_report
from firstbreath.cli.paper import write_paper
from firstbreath.cli.say import progress
from firstbreath.cli.serve import serve_study, working_settings
from firstbreath.cli.simulate import SEED, account_lines, simulate_study
from firstbreath.cli.study import DEMONSTRATION_SEED, Study, read_table, ticking_clock
from firstbreath.cli.trial import reasons_of, word_of
from firstbreath.cli.verify import verify_study
from firstbreath.designs.story import LAST_DAY
from firstbreath.events.decisions import Allowed
from firstbreath.protocol.folder import parse_protocol
from firstbreath.trial.door import Door
from firstbreath.trial.replay import check_plan, compute_requests, parse_plan
from firstbreath.web.hosting import Hosting
from firstbreath.web.settings import configure_django

MAX_PORT = 65535


@click.command()
@click.option("--dir", "folder", type=click.Path(path_type=Path), default=Path("out/demo"), show_default=True)
@click.option("--no-serve", is_flag=True, help="Do not open the site afterwards.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Where the sites listen: this, and the next.",
)
def demo(folder: Path, *, no_serve: bool, port: int) -> None:
    """Replay MEXCOVID as published: a log, its verification, the claims, the paper, a site.

    Beside it, in a folder of its own, a simulated MEXCOVID on which one can act.
    """
    started = time.monotonic()
    stop_before_a_live_trial(folder)
    if not (folder / "log.sqlite").is_file():
        with progress("Replaying the published trial"), new_folder(folder) as made:
            events = replay_study("mexcovid", made)
        click.echo(f"Replayed the published trial: {events} events in {folder}.")
    study = Study(folder, database="")
    report = verify_study(study)
    print_report(report)
    if not report.holds:
        raise SystemExit(Exit.LOG_BROKEN)
    with progress("Checking the claims"):
        verdicts = study.verdicts()
    print_verdicts(verdicts)
    with progress("Writing the paper"):
        paper = study.compose(study.door().history.now)
        written = write_paper(study, paper, folder)
    click.echo(f"Paper: {', '.join(path.name for path in written)} in {folder}.")
    click.echo(f"Done in {time.monotonic() - started:.1f} s.")
    simulated = simulate_beside(folder)
    if not no_serve:
        serve_both(study, Study(simulated, database=""), port=port)


def simulate_beside(folder: Path) -> Path:
    """The folder of a simulated trial beside a demonstration, made when it is not there yet; it ended yesterday."""
    beside = folder.with_name(f"{folder.name}-simulated")
    stop_before_a_live_trial(beside)
    if not (beside / "log.sqlite").is_file():
        first = (datetime.now(UTC) - timedelta(days=LAST_DAY + 1)).date()
        with progress("Simulating a trial"), new_folder(beside) as made:
            events = simulate_study("mexcovid", made, seed=SEED, first=first)
        click.echo(f"Simulated a trial of invented patients, to try: {events} events in {beside}.")
    for line in account_lines():
        click.echo(line)
    return beside


def serve_both(published: Study, simulated: Study, *, port: int) -> None:
    """Serve the published trial for reading, and the simulated one for acting at the next port, until interrupted."""
    configure_django(secret=working_settings(simulated)["secret"])  # before two threads ask for it
    first = Hosting(port=port, called="The published trial")
    second = Hosting(port=port + 1 if 0 < port < MAX_PORT else 0, called="The simulated trial")
    reading = {"hosting": first, "browser": True, "or_any_port": True}
    threading.Thread(target=serve_study, args=(published,), kwargs=reading, daemon=True).start()
    serve_study(simulated, hosting=second, browser=False, or_any_port=True, working=True)


def stop_before_a_live_trial(folder: Path) -> None:
    """Stop when the folder holds a trial of somebody's own: a demonstration writes nothing into it."""
    if (folder / "log.sqlite").is_file():
        first = next(Study(folder, read_only=True, database="").events(), None)
        if first is None or not getattr(first[0].body, "stamp", ""):
            raise Stop(Exit.USAGE, f"{folder} holds a trial of its own. Name another folder with --dir.")


def replay_study(name: str, folder: Path) -> int:
    """Replay a shipped study's published facts into a new folder; how many events that made."""
    shipped = shipped_study(name)
    for part in ("protocol", "published", "background"):
        if (shipped / part).is_dir():
            shutil.copytree(shipped / part, folder / part)
    study = Study(folder, database="")
    study.create_key(DEMONSTRATION_SEED)
    plan, findings = parse_plan(read_text(folder / "published" / "replay.toml"), "replay.toml")
    if plan is None:
        raise stop_for_findings(Exit.INPUT, findings)
    tables = {path.name: read_table(path) for path in sorted((folder / "published").glob("*.csv"))}
    files = read_protocol_files(folder)
    protocol, findings = parse_protocol(files)
    findings = findings or check_plan(plan, tables)
    if findings or protocol is None:
        raise stop_for_findings(Exit.PROTOCOL, findings)
    door = Door(study.store, ticking_clock(plan.clock))
    for request in compute_requests(plan, tables, protocol=protocol, files=files):
        answer = door.act(request)
        if not isinstance(answer.decision, Allowed):
            told = [render_reason(reason) for reason in reasons_of(answer.decision)]
            raise Stop(Exit.NOT_ALLOWED, f"{request.source}: {word_of(answer.decision)}", *told)
    study.store.close()
    return answer.trial.seq
