"""Reference ranges of the laboratories, by site, field, sex and date."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

import msgspec

from firstbreath.events import kinds
from firstbreath.events.decisions import Allowed, Decision, Reason, Refused
from firstbreath.safety.commands import SetReferenceRange
from firstbreath.safety.state import Safety


class ReferenceRange(msgspec.Struct, frozen=True):
    """The lower and upper limit of normal; None where a side is open. No unit stands for that of the field."""

    low: Decimal | None
    high: Decimal | None
    unit: str = ""

    @property
    def words(self) -> str:
        """The range as it is printed."""
        if self.low is None or self.high is None:
            return f"up to {self.high}" if self.low is None else f"from {self.low}"
        return f"{self.low} to {self.high}"

    def place_of(self, value: Decimal) -> str:
        """Where a value lies: `low`, `within` or `high`."""
        if self.low is not None and value < self.low:
            return "low"
        return "high" if self.high is not None and value > self.high else "within"


def decide_range(command: SetReferenceRange, *, fields: Collection[str], sites: Collection[str]) -> Decision:
    """Allowed for a laboratory field, with limits that are numbers in order and a date.

    fields  the fields that hold numbers
    sites   the sites of the trial; empty when the protocol names none
    """
    reasons = []
    if command.field not in fields:
        text = f"{command.field[:40]!r} is no field that holds a number."
        reasons.append(Reason("RANGE-001", text, "Name a laboratory field of the protocol."))
    if sites and command.site not in sites:
        text = f"{command.site[:80]!r} is no site."
        reasons.append(Reason("ROLE-002", text, f"Use one of: {'; '.join(sites)}."))
    limits = [_number(text) for text in (command.low, command.high) if text]
    if None in limits or not limits or limits != sorted(limit for limit in limits if limit is not None):
        text = f"{command.low!r} to {command.high!r} is no range."
        reasons.append(Reason("RANGE-002", text, "Give one or two numbers, the lower first."))
    try:
        date.fromisoformat(command.begins)
    except ValueError:
        reasons.append(Reason("RANGE-003", "The range begins on no date.", "Write it as 2026-11-27."))
    if reasons:
        return Refused(tuple(reasons))
    body = kinds.ReferenceRangeSet(
        command.site, command.field, command.low, command.high, command.begins, command.unit, command.sex
    )
    return Allowed((body,))


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except ArithmeticError:
        return None
    return number if number.is_finite() else None


def range_for(state: Safety, *, field: str, site: str, sex: str, on: date) -> ReferenceRange | None:
    """The range in force on a date for a field at a site: of the ones that began, the last set for this sex or any."""
    found = [event.body for event in state.ranges if isinstance(event.body, kinds.ReferenceRangeSet)]
    fits = [
        body
        for body in found
        if body.field == field and body.site == site and body.sex in ("", sex) and body.begins <= on.isoformat()
    ]
    if not fits:
        return None
    last = max(enumerate(fits), key=lambda numbered: (numbered[1].begins, numbered[1].sex != "", numbered[0]))[1]
    low, high = (_number(text) if text else None for text in (last.low, last.high))
    return ReferenceRange(low, high, last.unit)
