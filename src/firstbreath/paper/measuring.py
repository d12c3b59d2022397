"""Where a subject's value for an endpoint stands in the log. Name to know: `measure_sides`.

Never here: a value filled in for one that is missing, or a record compared with itself.
"""

from decimal import Decimal

import msgspec

from firstbreath.events.record import Event
from firstbreath.paper.rows import read_number
from firstbreath.protocol.entries import NULL_FLAVOURS, EntryError, parse_entry
from firstbreath.protocol.rules import Value, evaluate_rule, parse_rule
from firstbreath.protocol.values import Endpoint, Measured, Protocol
from firstbreath.reading.scoring import settle
from firstbreath.reading.state import Reading
from firstbreath.subjects.forms import Entered, entered_fields, records_of
from firstbreath.subjects.state import FormKey, Subject


class Measurement(msgspec.Struct, frozen=True):
    """A subject's value, or None and why; the events that say so."""

    value: Decimal | None
    why: str = ""
    sources: tuple[Event, ...] = ()
    record: FormKey | None = None


NOT_RECORDED = Measurement(None, "not recorded")
NOT_READ = Measurement(None, "no reading of images is recorded")
SEALED = Measurement(None, "the reading of images is sealed until all reads are final")
UNREAD = Reading()
SAME_RECORD = "the record that gives the value before; there is no other"


def measure_sides(
    subject: Subject, endpoint: Endpoint, protocol: Protocol, reading: Reading = UNREAD
) -> tuple[Measurement, Measurement]:
    """The values before and after; the one after is missing when it would be the one before.

    Two fields that are looked for in the same way come from one record: a value before of one day is not compared with
    a value after of another.
    """
    before = measure(subject, endpoint.before, protocol, reading=reading)
    together = before.record if _looked_for(endpoint.before) == _looked_for(endpoint.after) else None
    after = measure(subject, endpoint.after, protocol, within=together, reading=reading)
    if endpoint.before.field == endpoint.after.field and before.record and before.record == after.record:
        return before, Measurement(None, SAME_RECORD, after.sources)
    return before, after


def _looked_for(measured: Measured) -> tuple[str, str, str]:
    return measured.visit, measured.where, measured.record


def measure(
    subject: Subject,
    measured: Measured,
    protocol: Protocol,
    *,
    within: FormKey | None = None,
    reading: Reading = UNREAD,
) -> Measurement:
    """The value of the first or last record that fits; one entered as absent is missing, whatever came before it.

    within  the one record of that form that counts, when it is settled already
    """
    if measured.charter:
        return measure_scan(subject.code, measured.visit, protocol, reading)
    form = next((form.id for form in protocol.forms if any(field.id == measured.field for field in form.fields)), "")
    found = []
    for key, versions in records_of(subject, form):
        fields = entered_fields(key, versions)
        settled = within is None or within[0] != form or key == within
        deciding = _deciding(fields, measured.where, protocol)
        if measured.field in fields and measured.visit in ("", key[1]) and settled and deciding is not None:
            found.append((fields[measured.field], deciding))
    if not found:
        return NOT_RECORDED
    entered, deciding = found[0 if measured.record == "first" else -1]
    return _read(entered, (entered.event, *deciding), protocol)


def measure_scan(code: str, visit: str, protocol: Protocol, reading: Reading) -> Measurement:
    """The score of a subject's scan that counts, once the reads are final; before, it is sealed and so missing."""
    scans, charter = reading.of_subject(code, visit), protocol.charter
    if not scans or charter is None:
        return NOT_READ
    if reading.unblinded is None:
        return SEALED
    settled = settle(reading, charter, scans[-1])
    if settled is None:
        return NOT_READ
    if settled.total is None:
        return Measurement(None, "a segment cannot be evaluated, so there is no total", settled.sources)
    total = settled.total
    return Measurement(Decimal(total.numerator) / Decimal(total.denominator), "", settled.sources)


def _deciding(fields: dict[str, Entered], where: str, protocol: Protocol) -> tuple[Event, ...] | None:
    """The events by which a record fits the rule, or None where it does not, or cannot be told to."""
    if not where:
        return ()
    outcome = evaluate_rule(parse_rule(where), _values(fields, protocol))
    return tuple(fields[name].event for name, _ in outcome.decided_by) if outcome.truth else None


def _values(fields: dict[str, Entered], protocol: Protocol) -> dict[str, Value]:
    """The typed values of one record; absent and unreadable ones are left out."""
    values: dict[str, Value] = {}
    for name, entered in fields.items():
        field = protocol.field(name)
        if field is None or entered.absent:
            continue
        try:
            values[name] = parse_entry(field, entered.entry)
        except EntryError:
            continue
    return values


def _read(entered: Entered, sources: tuple[Event, ...], protocol: Protocol) -> Measurement:
    if entered.absent:
        return Measurement(None, f"absent: {NULL_FLAVOURS.get(entered.absent, entered.absent)}", sources, entered.key)
    number = read_number(protocol, entered.field, entered.entry) if isinstance(entered.entry, str) else None
    why = "" if number is not None else "what is entered is no number of this field now"
    return Measurement(number, why, sources, entered.key)
