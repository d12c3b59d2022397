"""Vital signs of a subject as series over time, for the plots of each inhalation."""

from datetime import datetime
from decimal import Decimal

import msgspec

from firstbreath.events.record import Event
from firstbreath.protocol.entries import EntryError, parse_entry
from firstbreath.protocol.values import Field, Protocol
from firstbreath.protocol.zones import zone_of
from firstbreath.subjects.forms import all_entered
from firstbreath.subjects.state import Subject
from firstbreath.trial.laboratory import taken_at

VITAL_SIGNS = "VS."


class VitalPoint(msgspec.Struct, frozen=True):
    """One value: at which visit, when, and the event that says so."""

    visit: str
    taken: datetime
    value: Decimal
    event: Event


class VitalSeries(msgspec.Struct, frozen=True):
    """All values of one vital sign of one subject, in the order taken."""

    field: Field
    points: tuple[VitalPoint, ...]


def compute_vital_signs(subject: Subject, protocol: Protocol) -> tuple[VitalSeries, ...]:
    """The series of a subject, in the order of the protocol's fields; those without a value are left out."""
    zone = zone_of(protocol, subject.site)
    points: dict[str, list[VitalPoint]] = {}
    fields = [field for form in protocol.forms for field in form.fields if is_vital_sign(field)]
    by_id = {field.id: field for field in fields}
    for entered in all_entered(subject):
        field = by_id.get(entered.field)
        if field is None or entered.absent:
            continue
        try:
            value = parse_entry(field, entered.entry)
        except EntryError:
            continue
        if isinstance(value, Decimal):
            taken = taken_at(subject.forms[entered.key][0], zone)
            points.setdefault(field.id, []).append(VitalPoint(entered.key[1], taken, value, entered.event))
    return tuple(
        VitalSeries(field, tuple(sorted(points[field.id], key=lambda point: (point.taken, point.event.seq))))
        for field in fields
        if field.id in points
    )


def is_vital_sign(field: Field) -> bool:
    """Whether a field holds a vital sign as a number: by its home in SDTM, or by the name of its form."""
    return field.type in ("integer", "decimal") and field.sdtm.startswith(VITAL_SIGNS)
