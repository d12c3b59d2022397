"""`simulate`: a trial of invented patients, through the one door, stamped SIMULATED."""

import hmac
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import click

from firstbreath.cli.exits import Exit, Stop, render_reason, stop_for_findings
from firstbreath.cli.files import explained_disk, new_folder, read_protocol_files, shipped_study
from firstbreath.cli.say import progress
from firstbreath.cli.serve import working_settings
from firstbreath.cli.study import DEMONSTRATION_SEED, Study
from firstbreath.cli.trial import reasons_of, word_of
from firstbreath.designs.imaging import Reads
from firstbreath.designs.planned import Calendar, Planned, request_of
from firstbreath.designs.staff import ROLE_OF, STAFF
from firstbreath.designs.story import LAST_DAY, simulate_trial
from firstbreath.events.blobs import NONCE_BYTES, FileBlobs
from firstbreath.events.decisions import Allowed
from firstbreath.protocol.folder import parse_protocol
from firstbreath.protocol.values import Protocol
from firstbreath.reading.upload import digest_of
from firstbreath.trial.commands import AdoptProtocol
from firstbreath.trial.door import Door, Request
from firstbreath.trial.state import SIMULATED

SEED = 20200316
FIRST_DAY = date(2024, 9, 2)
STUDIES = ("mexcovid",)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--seed", type=int, default=SEED, show_default=True, help="The same seed gives the same log.")
@click.option("--study", type=click.Choice(STUDIES), default=STUDIES[0], show_default=True)
@click.option("--first-day", type=click.DateTime(["%Y-%m-%d"]), default=FIRST_DAY.isoformat(), show_default=True,
              help="The day before the first patient.")  # fmt: skip
@click.option("--reads", type=click.Choice(["open", "final"]), default="open", show_default=True,
              help="Leave some scans to be read, or have all read, settled and opened.")  # fmt: skip
def simulate(folder: Path, *, seed: int, study: str, first_day: datetime, reads: Reads) -> None:
    """Fill FOLDER with a trial of invented patients and people, for trying the site."""
    started = time.monotonic()
    if Calendar(first_day.date()).at(LAST_DAY, "20:00") > datetime.now(UTC):
        raise Stop(Exit.USAGE, f"{LAST_DAY + 1} days from {first_day:%Y-%m-%d} end in the future. Begin earlier.")
    with progress("Simulating the trial"), new_folder(folder) as made:
        events = simulate_study(study, made, seed=seed, first=first_day.date(), reads=reads)
    click.echo(f"Simulated a trial of invented patients: {events} events in {folder}, seed {seed}.")
    click.echo(f"Done in {time.monotonic() - started:.1f} s. Open it: firstbreath serve {folder}")
    for line in account_lines():
        click.echo(line)


def account_lines() -> list[str]:
    """The demonstration accounts and their one password, for the terminal."""
    from firstbreath.web.accounts.demonstration import PASSWORD

    lines = [f"Accounts of the simulated people, all with the password: {PASSWORD}"]
    return lines + [f"  {person.account:18} {person.role}" for person in STAFF]


def simulate_study(name: str, folder: Path, *, seed: int, first: date, reads: Reads = "open") -> int:
    """Simulate a shipped study into a new folder, with passwords for its people; how many events that made.

    Raises `Stop` when an act is decided otherwise than the simulation foresees.
    """
    files = read_protocol_files(shipped_study(name))
    with explained_disk(folder):
        (folder / "protocol").mkdir()
        for file, text in files.items():
            (folder / "protocol" / file).write_text(text)
    protocol, findings = parse_protocol(files)
    if protocol is None:
        raise stop_for_findings(Exit.PROTOCOL, findings)
    study = Study(folder, database="")
    study.create_key(DEMONSTRATION_SEED)
    events = _fill(study, protocol, files, seed=seed, first=first, reads=reads)
    study.store.close()
    _set_passwords(study)
    return events


def _fill(study: Study, protocol: Protocol, files: dict[str, str], *, seed: int, first: date, reads: Reads) -> int:
    chance = Random(seed)  # noqa: S311 -- a simulation is to be repeated, not to be secret
    planned = simulate_trial(protocol, chance=chance, first=first, reads=reads)
    clock = SetClock(Calendar(first).at(0, "07:00"))
    door, source = Door(study.store, clock), f"simulation, seed {seed}"
    adopt = AdoptProtocol(files=files, stamp=SIMULATED)
    door.act(Request(command=adopt, actor="firstbreath simulate", role="simulation", source=source))
    keeping = SimulatedFiles(study.blobs.folder, study.blobs.keys, seed)
    for act in planned:
        clock.now = act.at
        request = request_of(act, door.history.now, keeping, role=ROLE_OF.get(act.actor, ""), source=source)
        answer = door.act(request)
        if isinstance(answer.decision, Allowed) is act.refused:
            told = [render_reason(reason) for reason in reasons_of(answer.decision)]
            raise Stop(Exit.BUG, f"{_name(act)}: {word_of(answer.decision)}, which was not foreseen.", *told)
    return door.history.now.seq


def _name(act: Planned) -> str:
    return f"{act.at:%Y-%m-%d %H:%M} {act.actor} {act.act} {act.arguments.get('subject', '')}".rstrip()


class SimulatedFiles(FileBlobs):
    """Files whose keys and nonces follow from a seed, so that the same seed gives the same names. Nothing is secret.

    A nonce is an HMAC of the content under the key: two contents never share one.
    """

    def __init__(self, folder: Path, keys: Path, seed: int) -> None:
        super().__init__(folder, keys)
        self._seed = f"simulation {seed}".encode()

    def new_nonce(self, key: bytes, content: bytes) -> bytes:
        """See `FileBlobs`."""
        return hmac.digest(key, content, "sha256")[:NONCE_BYTES]

    def new_key(self, subject: str) -> bytes:
        """See `FileBlobs`."""
        return hmac.digest(self._seed, subject.encode(), "sha256")

    def hashed(self, subject: str) -> Callable[[str], bytes]:
        """See `Keeping`."""
        return self.keyed_hash(subject)

    def digest(self, files: Sequence[bytes]) -> str:
        """See `Keeping`."""
        return digest_of(files)


class SetClock:
    """A clock that shows the time it was last set to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The time it shows."""
        return self.now


def _set_passwords(study: Study) -> None:
    """The one password of all demonstration accounts, in the site's own database of the folder."""
    from django.db import connections

    from firstbreath.web.accounts.demonstration import set_demonstration_passwords
    from firstbreath.web.database import use_database
    from firstbreath.web.settings import configure_django

    settings = working_settings(study)
    configure_django(secret=settings["secret"])
    use_database(settings["database"])
    set_demonstration_passwords(person.account for person in STAFF)
    connections["default"].close()  # the folder is moved to its place when it is whole
