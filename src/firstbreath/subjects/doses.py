"""Doses: what is planned, what became of each, and whether the next may be given."""

from decimal import Decimal

import msgspec

from firstbreath.events import kinds
from firstbreath.events.decisions import Allowed, Decision, Reason, Refused
from firstbreath.events.record import Event
from firstbreath.protocol.entries import parse_number
from firstbreath.protocol.values import Dose, Inhalation, Protocol
from firstbreath.subjects import commands
from firstbreath.subjects.consent import lacking_consent
from firstbreath.subjects.state import Subject


class DoseDay(msgspec.Struct, frozen=True):
    """A planned dose: its trial day, and what became of it."""

    day: int
    status: str
    event: Event | None


def doses_of(subject: Subject, protocol: Protocol) -> tuple[DoseDay, ...]:
    """Each planned day with `given`, `interrupted`, `missed` or `planned`; nothing before enrolment."""
    regimen = protocol.dose_of(subject.arm)
    days = sorted({*(regimen.days if regimen else ()), *subject.doses})
    return tuple(DoseDay(day, _status(subject.doses.get(day)), subject.doses.get(day)) for day in days)


def _status(event: Event | None) -> str:
    match event.body if event else None:
        case kinds.DoseGiven():
            return "given"
        case kinds.DoseInterrupted():
            return "interrupted"
        case kinds.DoseMissed():
            return "missed"
    return "planned"


def decide_dose(
    subject: Subject, command: commands.GiveDose | commands.InterruptDose, protocol: Protocol, reason: str
) -> Decision:
    """Allowed for the next planned day of an enrolled, consenting subject; another amount is a deviation too."""
    regimen = protocol.dose_of(subject.arm)
    reasons = reasons_against_day(subject, command.day, regimen)
    reasons += _wrong_numbers(command) if regimen else []
    reasons += _more_left_than_filled(command) if not reasons else []
    reasons += lacking_consent(subject, protocol)
    if isinstance(command, commands.InterruptDose) and not reason.strip():
        reasons.append(Reason("DOSE-005", "An interrupted dose needs a reason.", "Say why it was stopped."))
    if reasons or regimen is None:
        return Refused(tuple(reasons))
    number = 1 + sum(not isinstance(event.body, kinds.DoseMissed) for event in subject.doses.values())
    return Allowed(
        (_dose_event(command, number, regimen.unit), *_deviations(command, regimen, protocol.design.inhalation))
    )


def decide_missed(subject: Subject, command: commands.MissDose, protocol: Protocol, reason: str) -> Decision:
    """Allowed for the next planned day of an enrolled subject, with a reason."""
    reasons = reasons_against_day(subject, command.day, protocol.dose_of(subject.arm))
    if subject.inhalations.get(command.day):
        text = f"The inhalation of day {command.day} was started."
        reasons.append(Reason("DOSE-010", text, "Record the dose as interrupted, or strike out the start."))
    if not reason.strip():
        reasons.append(Reason("DOSE-006", "A missed dose needs a reason.", "Say why it was not begun."))
    return Refused(tuple(reasons)) if reasons else Allowed((kinds.DoseMissed(command.day),))


def reasons_against_day(subject: Subject, trial_day: int, regimen: Dose | None) -> list[Reason]:
    """Why the dose of this trial day is not the next to be given; empty when it is."""
    if regimen is None:
        return [Reason("DOSE-001", f"Subject {subject.code} is not enrolled.", "Enrol the subject first.")]
    reasons = []
    if trial_day not in regimen.days:
        days = ", ".join(str(day) for day in regimen.days)
        text = f"Day {trial_day} is no dose day of {regimen.id}; dose days are {days}."
        reasons.append(Reason("DOSE-002", text, "Correct the day, or record a deviation."))
    if trial_day in subject.doses:
        text = f"The dose of day {trial_day} is recorded already."
        reasons.append(Reason("DOSE-003", text, "Nothing more is given on this day."))
    open_days = [day for day in regimen.days if day < trial_day and day not in subject.doses]
    if open_days:
        text = f"The dose of day {open_days[0]} is not recorded."
        reasons.append(Reason("DOSE-004", text, "Record it as given, interrupted or missed first."))
    return reasons


def _wrong_numbers(command: commands.GiveDose | commands.InterruptDose) -> list[Reason]:
    """Amounts that are no positive numbers."""
    measured = {"amount": command.amount}
    if isinstance(command, commands.GiveDose):
        measured |= {"volume_ml": command.volume_ml, "residual_ml": command.residual_ml}
    else:
        measured |= {"given_ml": command.given_ml}
    measured |= {"minutes": command.minutes}
    return [
        Reason("DOSE-007", f"{name} {text!r} is not a number above zero.", "Enter it again.")
        for name, text in measured.items()
        if (text or name == "amount") and not _is_positive(text, zero_allowed=name in ("given_ml", "residual_ml"))
    ]


def _more_left_than_filled(command: commands.GiveDose | commands.InterruptDose) -> list[Reason]:
    if not isinstance(command, commands.GiveDose) or not (command.residual_ml and command.volume_ml):
        return []
    if parse_number(command.residual_ml) <= parse_number(command.volume_ml):
        return []
    text = f"{command.residual_ml} ml are left of {command.volume_ml} ml."
    return [Reason("DOSE-008", text, "Measure the rest again, or correct what was filled.")]


def _is_positive(text: str, *, zero_allowed: bool) -> bool:
    try:
        number = parse_number(text)
    except ValueError:
        return False
    return number > 0 or (zero_allowed and number == 0)


def _dose_event(command: commands.GiveDose | commands.InterruptDose, number: int, unit: str) -> kinds.Kind:
    if isinstance(command, commands.InterruptDose):
        return kinds.DoseInterrupted(number, command.day, command.amount, unit, command.given_ml, command.minutes)
    measured = (command.volume_ml, command.minutes, command.residual_ml)
    return kinds.DoseGiven(number, command.day, command.amount, unit, *measured)


def _plain(amount: Decimal) -> str:
    """An amount as people write it down: 2.0e8."""
    return str(amount).lower().replace("e+", "e")


def _deviations(
    command: commands.GiveDose | commands.InterruptDose, regimen: Dose, part: Inhalation | None
) -> tuple[kinds.Kind, ...]:
    """A departure from the regimen happened and is recorded as one; it is not hidden by refusing it.

    What differs by no more than the protocol's tolerance is no departure.
    """
    measured: list[tuple[str, Decimal | None, str, Decimal]] = [(command.amount, regimen.amount, regimen.unit, NONE)]
    if isinstance(command, commands.GiveDose):
        minutes = None if regimen.minutes is None else Decimal(regimen.minutes)
        volume_tolerance = (part.volume_tolerance_ml if part else None) or NONE
        measured.append((command.volume_ml, regimen.volume_ml, "ml", volume_tolerance))
        measured.append((command.minutes, minutes, "minutes", Decimal(part.minutes_tolerance if part else 0)))
    found = [
        f"Day {command.day}: {text} {unit} were given, {_plain(planned)} were planned."
        for text, planned, unit, tolerance in measured
        if text and planned is not None and abs(Decimal(text) - planned) > tolerance
    ]
    return tuple(kinds.DeviationRecorded("dose", text) for text in (*found, *_too_much_left(command, part)))


NONE = Decimal(0)


def _too_much_left(command: commands.GiveDose | commands.InterruptDose, part: Inhalation | None) -> tuple[str, ...]:
    limit = part.max_residual_ml if part else None
    if limit is None or not isinstance(command, commands.GiveDose) or not command.residual_ml:
        return ()
    if Decimal(command.residual_ml) <= limit:
        return ()
    return (f"Day {command.day}: {command.residual_ml} ml were left in the cup, at most {limit} were planned.",)
