"""A log as a running trial would write it: the shipped protocol first, then subject after subject, seven at a time.

Each subject has about 120 events: screening, consent, enrolment, forms on every visit with the fields the protocol
asks for, doses, corrections, a refusal, a review. The same seed gives the same bytes.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import count, islice, zip_longest
from pathlib import Path
from random import Random
from typing import Any

from msgspec.structs import replace

from firstbreath.events import Event, Head, Reason, encode_event, kinds
from firstbreath.events.sqlite import SqliteStore
from firstbreath.protocol.folder import compute_digest

AT_A_TIME = 7
VARIANTS = 32
BEGIN = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
REPEATS = {"vital_signs": 12, "oxygen": 4, "laboratory": 1}
BEFORE = ("demographics", "severity", "screening_checklist", "treatments", "vital_signs", "laboratory", "ct")
AFTER = ("vital_signs", "oxygen", "oxygen_change", "laboratory", "ct")
Act = tuple[kinds.Kind, str]
"""What happened, and who did it."""


@cache
def read_protocol() -> Mapping[str, str]:
    """The shipped protocol's files by name."""
    folder = files("firstbreath") / "studies" / "mexcovid" / "protocol"
    return {name: (folder / name).read_text("utf-8") for name in sorted(file.name for file in folder.iterdir())}


@cache
def values_of(form: str) -> Sequence[Mapping[str, kinds.Entry]]:
    """Some ways in which a form of the protocol may have been filled."""
    random = Random(form)
    asked = {one["id"]: one["fields"] for one in tomllib.loads(read_protocol()["forms.toml"])["forms"]}[form]
    return [{field["id"]: make_value(field, random) for field in asked} for _ in range(VARIANTS)]


def make_value(field: Mapping[str, Any], random: Random) -> kinds.Entry:
    low, high = field.get("min", 0), field.get("max", 100)
    match field["type"]:
        case "choice":
            return str(random.choice(field["choices"]))
        case "choices":
            return tuple(random.sample(field["choices"], 2))
        case "yesno":
            return random.choice(("yes", "no"))
        case "integer":
            return str(random.randint(int(low), int(high)))
        case "decimal":
            return f"{random.uniform(low, high):.1f}"
        case _:
            return random.choice(("dry cough since March", "none known", "walks with help, speaks in sentences"))


def generate_events(number: int, *, seed: int = 1) -> Iterator[Event]:
    """The first `number` events of a trial."""
    return islice(_endless(Random(seed)), number)


def _endless(random: Random) -> Iterator[Event]:
    texts = dict(read_protocol())
    adopted = kinds.ProtocolAdopted(compute_digest(texts), texts, "SIMULATED")
    yield Event(1, BEGIN, "data.manager", "data manager", adopted)
    seq = 1
    for first in count(1, AT_A_TIME):
        numbers = range(first, first + AT_A_TIME)
        for round_ in zip_longest(*(_acts(number, random) for number in numbers)):
            for number, act in zip(numbers, round_, strict=True):
                if act is not None:
                    seq += 1
                    yield _event(seq, number, act, random=random)


def _event(seq: int, number: int, act: Act, *, random: Random) -> Event:
    body, actor = act
    at = BEGIN + timedelta(seconds=37 * seq, microseconds=random.randrange(1_000_000))
    reason = ""
    if isinstance(body, kinds.FormCorrected):
        body, reason = replace(body, corrects=seq - AT_A_TIME), "misread from the monitor"
    return Event(
        seq,
        at,
        actor,
        actor.partition(".")[0],
        body,
        subject="" if isinstance(body, kinds.ReviewRecorded) else code_of(number),
        occurred=at.strftime("%Y-%m-%dT%H:%M+00:00"),
        reason=reason,
        source="form",
    )


def code_of(number: int) -> str:
    return f"MX-{number:05d}"


def _acts(number: int, random: Random) -> list[Act]:
    """What is recorded about one subject, in order."""
    end = kinds.ParticipationEnded("completed")
    review = kinds.ReviewRecorded((code_of(number),), "continue", number * 100, ("chair", "pulmonologist"))
    return [
        (kinds.ScreeningOpened("one"), "investigator.b"),
        *(_form(form, "screening", random) for form in BEFORE),
        *_enrolment(number),
        *(act for day in range(1, 6) for act in _day(day, random)),
        *(_form(form, "after", random) for form in AFTER),
        (kinds.DeviationRecorded("timing", "Vital signs 40 minutes late: the ward was short of staff."), "nurse.a"),
        *(_form("follow_up", "follow_up", random, repeat=repeat) for repeat in (1, 2, 3)),
        (review, "safety.chair"),
        (end, "investigator.b"),
    ]


def _enrolment(number: int) -> list[Act]:
    missing = Reason("CONSENT-001", "Consent is not recorded.", "Record the consent, then enrol.")
    consent = kinds.ConsentSigned("as approved", "surrogate", ("doctor.c", "doctor.d"), ("ab" * 32,))
    return [
        (kinds.EligibilityAttested({f"E{n}": False for n in range(1, 18)} | {"I1": True}), "investigator.b"),
        (kinds.ActRefused("enrol_subject", "refused", (missing,)), "investigator.b"),
        (consent, "investigator.b"),
        (kinds.SubjectEnrolled("haMSC_Exos", number), "investigator.b"),
    ]


def _day(day: int, random: Random) -> list[Act]:
    visit = f"D{day}"
    given = kinds.DoseGiven(day, day, "2.0e8", "vesicles", "6", "30")
    acts = [_form(form, visit, random, repeat=n) for form, times in REPEATS.items() for n in range(1, times + 1)]
    field, value = next(iter(values_of("laboratory")[day].items()))
    corrected = kinds.FormCorrected(0, "laboratory", visit, {field: value})  # the record just before it
    return [(given, "nurse.a"), *acts, (corrected, "nurse.a")]


def _form(form: str, visit: str, random: Random, *, repeat: int = 1) -> Act:
    values = dict(random.choice(values_of(form)))
    left_out = random.choice(list(values))
    absent = {left_out: "NASK"} if len(values) > 2 else {}
    return kinds.FormRecorded(form, visit, without(values, absent), absent, repeat), "nurse.a"


def without(values: dict[str, kinds.Entry], absent: Mapping[str, str]) -> dict[str, kinds.Entry]:
    return {field: value for field, value in values.items() if field not in absent}


def write_log(path: Path, number: int) -> Head:
    """Write a log of so many events into a new SQLite file; its head."""
    store, head = SqliteStore(path, synchronous="NORMAL"), Head()
    events = generate_events(number)
    while batch := [encode_event(event) for event in islice(events, 5000)]:
        head = store.append(batch, expected=head)
    store.close()
    return head
