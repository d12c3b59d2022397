"""The reference ranges as a page shows them: by site and field, what holds and what held before."""

from collections.abc import Callable
from datetime import date

import msgspec

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.protocol.values import Field
from firstbreath.trial.laboratory import is_laboratory
from firstbreath.trial.state import Trial

SEXES = {"": "everybody", "Male": "men", "Female": "women"}


class RangeLine(msgspec.Struct, frozen=True):
    """One range as it was set, for whom, and whether it holds on the day."""

    event: Event
    words: str
    unit: str
    whom: str
    begins: str
    state: str


class FieldRanges(msgspec.Struct, frozen=True):
    """The ranges of a laboratory field at a site, the one in force first."""

    field: Field
    lines: tuple[RangeLine, ...]


class SiteRanges(msgspec.Struct, frozen=True):
    """The laboratory fields of a site; `missing` counts those without a range."""

    site: str
    fields: tuple[FieldRanges, ...]
    missing: int


def compute_ranges(trial: Trial, on: date, *, sees: Callable[[str], bool]) -> tuple[SiteRanges, ...]:
    """Every laboratory field at every site in view."""
    protocol = trial.protocol
    if protocol is None:
        return ()
    fields = [field for form in protocol.forms for field in form.fields if is_laboratory(field)]
    places = protocol.design.trial.sites or ("",)
    found = []
    for site in places:
        if sees(site):
            ranges = tuple(FieldRanges(field, _lines(trial, site, field, on)) for field in fields)
            found.append(SiteRanges(site, ranges, sum(not each.lines for each in ranges)))
    return tuple(found)


def _lines(trial: Trial, site: str, field: Field, on: date) -> tuple[RangeLine, ...]:
    """The last set of the ones that have begun holds, for each sex; the others held before, or will."""
    own = [
        (event, event.body)
        for event in trial.safety.ranges
        if isinstance(event.body, kinds.ReferenceRangeSet) and (event.body.site, event.body.field) == (site, field.id)
    ]
    begun = {body.sex: event.seq for event, body in sorted(own, key=lambda pair: (pair[1].begins, pair[0].seq))
             if body.begins <= on.isoformat()}  # fmt: skip
    lines = []
    for event, body in reversed(own):
        words = f"{body.low} to {body.high}" if body.low and body.high else body.low and f"from {body.low}"
        state = (
            "in force" if begun.get(body.sex) == event.seq else "before" if body.begins <= on.isoformat() else "later"
        )
        unit = body.unit or field.unit
        lines.append(
            RangeLine(event, words or f"up to {body.high}", unit, SEXES.get(body.sex, body.sex), body.begins, state)
        )
    return tuple(sorted(lines, key=lambda line: line.state != "in force"))
