"""The oxygen timeline: one lane per subject, in days from an origin such as symptom onset."""

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from firstbreath.events import kinds
from firstbreath.paper.rows import Result, enrolled_subjects, read_number
from firstbreath.protocol.values import Protocol, Swimmer
from firstbreath.subjects.forms import Entered, entered_fields
from firstbreath.subjects.state import Subject
from firstbreath.trial.state import Trial


class Mark(msgspec.Struct, frozen=True):
    """Something on a day of a lane; `result` is the id of its row."""

    day: int
    kind: str
    label: str
    result: str


class Stretch(msgspec.Struct, frozen=True):
    """Oxygen by one device from one day up to another, both counted from the origin.

    `open` says that nothing is recorded after it: `end` is then where the record ends, not the oxygen.
    """

    begin: int
    end: int
    device: str
    result: str
    open: bool = False


class Lane(msgspec.Struct, frozen=True):
    """One subject's timeline."""

    subject: str
    marks: tuple[Mark, ...]
    stretches: tuple[Stretch, ...]


class Timeline(msgspec.Struct, frozen=True):
    """The figure as data: every mark and stretch is also a result row."""

    id: str
    title: str
    origin: str
    lanes: tuple[Lane, ...]
    results: tuple[Result, ...]


def compute_timeline(trial: Trial, protocol: Protocol, swimmer: Swimmer) -> Timeline:
    """The timeline of every enrolled subject whose first dose has a day from the origin.

    Trial day d of a subject is day `first dose + d - 1` from the origin: day 1 is the first dose.
    """
    lanes, rows = [], list[Result]()
    for subject in enrolled_subjects(trial):
        first = _days(subject, protocol, swimmer.first_dose)
        if not first:
            continue
        found = _Lane(swimmer.id, subject.code, first[0], protocol)
        doses = found.doses(subject)
        marks = (
            *found.marks("admission", _days(subject, protocol, swimmer.admission), from_origin=True),
            *doses,
            *found.marks("follow_up", _days(subject, protocol, swimmer.follow_up_day)),
        )
        devices = _oxygen(subject, protocol, swimmer)
        stretches = found.stretches(devices, end=max((mark.day for mark in doses), default=found.first) + 1)
        lanes.append(Lane(subject.code, marks, stretches))
        rows += found.rows
    return Timeline(swimmer.id, swimmer.title, swimmer.origin, tuple(lanes), tuple(rows))


Days = list[tuple[Decimal, Entered]]


def _days(subject: Subject, protocol: Protocol, field: str) -> Days:
    """Every number recorded in a field, over all records of its form, with its entry."""
    found: Days = []
    for key, versions in sorted(subject.forms.items(), key=lambda record: record[1][0].seq):
        entered = entered_fields(key, versions).get(field)
        number = read_number(protocol, field, entered.entry) if entered and isinstance(entered.entry, str) else None
        if entered and number is not None:
            found.append((number, entered))
    return found


def _oxygen(subject: Subject, protocol: Protocol, swimmer: Swimmer) -> list[tuple[int, Entered]]:
    """The devices of a subject with the trial day from which each was used, in order of days."""
    found = []
    for day, entered in _days(subject, protocol, swimmer.oxygen_day):
        device = entered_fields(entered.key, subject.forms[entered.key]).get(swimmer.oxygen)
        if device and not device.absent:
            found.append((int(day), device))
    return sorted(found, key=lambda stretch: stretch[0])


class _Lane:
    """Collects the rows of one subject's lane while its marks are made."""

    def __init__(self, figure: str, subject: str, first: tuple[Decimal, Entered], protocol: Protocol) -> None:
        self.figure, self.subject, self.protocol = figure, subject, protocol
        self.first, self.origin = int(first[0]), first[1].event.seq
        self.rows: list[Result] = []

    def from_origin(self, trial_day: int) -> int:
        return self.first + trial_day - 1

    def row(self, name: str, day: int, printed: str, sources: Sequence[int]) -> str:
        result_id = f"{self.figure}.{self.subject}.{name}"
        method = f"days from the origin; trial day 1 is day {self.first}"
        seen = tuple(sorted({*sources, *([] if name == "admission" else [self.origin])}))
        row = Result(result_id, "enrolled", self.subject, name, "day", str(day), printed, method, seen)
        self.rows.append(row)
        return result_id

    def marks(self, kind: str, days: Days, *, from_origin: bool = False) -> list[Mark]:
        made = []
        for n, (number, entered) in enumerate(days, 1):
            day = int(number) if from_origin else self.from_origin(int(number))
            name = kind if from_origin else f"{kind}.{n}"
            made.append(Mark(day, kind, f"day {day}", self.row(name, day, str(day), [entered.event.seq])))
        return made

    def doses(self, subject: Subject) -> list[Mark]:
        made = []
        for trial_day, event in sorted(subject.doses.items()):
            day = self.from_origin(trial_day)
            if isinstance(event.body, kinds.DoseMissed):
                continue
            kind = "dose" if isinstance(event.body, kinds.DoseGiven) else "dose_not_full"
            made.append(Mark(day, kind, f"dose {trial_day}", self.row(f"dose.{trial_day}", day, str(day), [event.seq])))
        return made

    def stretches(self, devices: list[tuple[int, Entered]], *, end: int) -> tuple[Stretch, ...]:
        """Each device until the next begins; the last until the day after the last dose, where the record ends."""
        made = []
        for n, (trial_day, entered) in enumerate(devices):
            begin = self.from_origin(trial_day)
            last = n + 1 == len(devices)
            until = max(end, begin) if last else self.from_origin(devices[n + 1][0])
            device = entered.entry if isinstance(entered.entry, str) else ", ".join(entered.entry)
            result = self.row(f"oxygen.{n + 1}", begin, device, [entered.event.seq])
            made.append(Stretch(begin, until, device, result, open=last))
        return tuple(made)
