"""Laboratory values of a subject against the ranges of the site, with their grades. It looks across slices."""

from datetime import date, datetime, tzinfo
from decimal import Decimal

import msgspec

from firstbreath.events.record import Event
from firstbreath.protocol.entries import EntryError, parse_entry
from firstbreath.protocol.values import Field, Protocol
from firstbreath.protocol.zones import moment_of, zone_of
from firstbreath.safety.ctcae import TERMS, LaboratoryGrade, grade_value
from firstbreath.safety.ranges import ReferenceRange, range_for
from firstbreath.subjects.forms import all_entered
from firstbreath.subjects.state import FormKey, Subject
from firstbreath.trial.state import Trial

LABORATORY = "LB."
"""Where SDTM keeps laboratory values: a field that has its home there is one."""


class LaboratoryValue(msgspec.Struct, frozen=True):
    """A value with the range of its day, where it lies (`low`, `within`, `high`, `unknown`), and its grades."""

    field: Field
    value: Decimal
    key: FormKey
    event: Event
    on: date
    limits: ReferenceRange | None
    place: str
    grades: tuple[LaboratoryGrade, ...] = ()

    @property
    def worst(self) -> LaboratoryGrade | None:
        """The grade to look at: the highest; an unknown one only where there is no other above 0."""
        raised = [grade for grade in self.grades if grade.grade]
        unknown = [grade for grade in self.grades if grade.grade is None]
        if raised:
            return max(raised, key=lambda grade: grade.grade or 0)
        return unknown[0] if unknown else None


def is_laboratory(field: Field) -> bool:
    """Whether a field holds a laboratory value that can be compared with a range."""
    return field.type in ("integer", "decimal") and (bool(field.ctcae) or field.sdtm.startswith(LABORATORY))


def compute_laboratory(trial: Trial, subject: Subject, protocol: Protocol) -> tuple[LaboratoryValue, ...]:
    """Every laboratory value of a subject as it stands, in the order recorded."""
    fields = {field.id: field for form in protocol.forms for field in form.fields if is_laboratory(field)}
    zone, sex, begun = zone_of(protocol, subject.site), sex_of(subject, protocol), first_dose(subject, protocol)
    baseline: dict[tuple[str, ...], Decimal] = {}
    found = []
    for entered in all_entered(subject):
        field = fields.get(entered.field)
        if field is None or entered.absent:
            continue
        try:
            value = parse_entry(field, entered.entry)
        except EntryError:
            continue
        if not isinstance(value, Decimal | int) or isinstance(value, bool):
            continue
        number, taken = Decimal(value), taken_at(subject.forms[entered.key][0], zone)
        limits = range_for(trial.safety, field=field.id, site=subject.site, sex=sex, on=taken.date())
        measured = field.ctcae or (field.id,)
        before = begun is None or taken < begun
        if before:
            baseline[measured] = number
        grades = tuple(
            grade_value(
                TERMS[term], number, unit=field.unit, limits=limits, baseline=None if before else baseline.get(measured)
            )
            for term in field.ctcae
        )
        place = limits.place_of(number) if limits else "unknown"
        found.append(LaboratoryValue(field, number, entered.key, entered.event, taken.date(), limits, place, grades))
    return tuple(found)


def taken_at(event: Event, zone: tzinfo) -> datetime:
    """When something happened: its clinical time, else when it was written."""
    return moment_of(event.occurred, zone) or event.at.astimezone(zone)


def first_dose(subject: Subject, protocol: Protocol) -> datetime | None:
    """When the first dose was given or begun; values before it are the baseline."""
    zone = zone_of(protocol, subject.site)
    starts = [*(session[0] for session in subject.inhalations.values() if session), *subject.doses.values()]
    return min((taken_at(event, zone) for event in starts), default=None)


def sex_of(subject: Subject, protocol: Protocol) -> str:
    """The sex as recorded in the field that SDTM keeps it in, or empty."""
    return recorded_as(subject, protocol, "DM.SEX")[0]


def recorded_as(subject: Subject, protocol: Protocol, sdtm: str) -> tuple[str, Event | None]:
    """What is recorded in the field with this home in SDTM, and the event; empty where nothing is."""
    homes = {field.id for form in protocol.forms for field in form.fields if field.sdtm.split(" ")[0] == sdtm}
    last: tuple[str, Event | None] = ("", None)
    for entered in all_entered(subject):
        if entered.field in homes:
            text = entered.entry if isinstance(entered.entry, str) else ", ".join(entered.entry)
            last = ("" if entered.absent else text, entered.event)
    return last
