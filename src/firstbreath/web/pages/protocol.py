"""The protocol drawn: schedule, criteria, doses and gates, with the places where its source is silent."""

from itertools import groupby

import msgspec

from firstbreath.protocol.silences import compute_silences
from firstbreath.protocol.values import Criterion, Dose, Protocol, Visit
from firstbreath.trial.state import Adoption, Trial
from firstbreath.web.pages.words import render_amount

BAR = 1000
"""The length of the largest dose's bar, in the units of its drawing."""


class VisitHead(msgspec.Struct, frozen=True):
    """A column of the schedule."""

    visit: Visit
    day: str
    window: str


class GridRow(msgspec.Struct, frozen=True):
    """A row of the schedule: `due`, `optional` or nothing at each visit."""

    label: str
    marks: tuple[str, ...]


class DoseStep(msgspec.Struct, frozen=True):
    """A dosing regimen, the arms that get it, and its share of the largest as the length of a bar."""

    dose: Dose
    amount: str
    facts: tuple[str, ...]
    arms: tuple[str, ...]
    bar: int


class OpenPoint(msgspec.Struct, frozen=True):
    """What the source leaves open or contradicts, and every part of the protocol that says so in a row."""

    text: str
    silent: bool
    parts: tuple[str, ...]


class ProtocolPage(msgspec.Struct, frozen=True):
    """The protocol in force, as people read it."""

    protocol: Protocol
    adoption: Adoption
    earlier: tuple[Adoption, ...]
    visits: tuple[VisitHead, ...]
    grid: tuple[GridRow, ...]
    doses: tuple[DoseStep, ...]
    inclusion: tuple[Criterion, ...]
    exclusion: tuple[Criterion, ...]
    open_points: tuple[OpenPoint, ...]


def compute_protocol_page(trial: Trial) -> ProtocolPage | None:
    """The page of the protocol in force, or None before there is one."""
    protocol = trial.protocol
    if protocol is None:
        return None
    criteria = protocol.design.criteria
    return ProtocolPage(
        protocol=protocol,
        adoption=trial.adoptions[-1],
        earlier=trial.adoptions[:-1],
        visits=tuple(_visit_head(visit) for visit in protocol.design.visits),
        grid=draw_grid(protocol),
        doses=_dose_steps(protocol),
        inclusion=tuple(criterion for criterion in criteria if criterion.kind == "inclusion"),
        exclusion=tuple(criterion for criterion in criteria if criterion.kind == "exclusion"),
        open_points=_open_points(protocol),
    )


def _visit_head(visit: Visit) -> VisitHead:
    low, high = visit.window
    day = "no day set" if visit.day is None else f"day {visit.day}"
    return VisitHead(visit, day, f"window {low} to {high} days" if (low, high) != (0, 0) else "")


def draw_grid(protocol: Protocol) -> tuple[GridRow, ...]:
    """The schedule of activities: one row for each activity in the order drawn, one mark for each visit."""
    due = {(cell.activity, cell.visit): cell.required for cell in protocol.due}
    activities = dict.fromkeys(cell.activity for cell in protocol.due)
    words = {True: "due", False: "optional", None: ""}
    return tuple(
        GridRow(
            _activity_label(activity, protocol),
            tuple(words[due.get((activity, visit.id))] for visit in protocol.design.visits),
        )
        for activity in activities
    )


def _activity_label(activity: str, protocol: Protocol) -> str:
    form = protocol.form(activity)
    return form.title if form else activity.replace("_", " ").capitalize()


def _dose_steps(protocol: Protocol) -> tuple[DoseStep, ...]:
    largest = max((dose.amount for dose in protocol.design.doses), default=0)
    return tuple(
        DoseStep(
            dose=dose,
            amount=render_amount(str(dose.amount), dose.unit),
            facts=_dose_facts(dose),
            arms=tuple(arm.label for arm in protocol.design.arms if arm.dose == dose.id),
            bar=int(dose.amount / largest * BAR) if largest else 0,
        )
        for dose in protocol.design.doses
    )


def _dose_facts(dose: Dose) -> tuple[str, ...]:
    """`6 ml`, `30 minutes`, `at 09:00`: what the regimen states beside the amount."""
    facts = (
        f"{dose.volume_ml} ml" if dose.volume_ml is not None else "",
        f"in {dose.diluent}" if dose.diluent else "",
        f"over {dose.minutes} minutes" if dose.minutes is not None else "",
        f"at {dose.at:%H:%M}" if dose.at else "",
        f"on trial {'days' if len(dose.days) > 1 else 'day'} {', '.join(str(day) for day in dose.days)}",
        f"by {dose.route}",
    )
    return tuple(fact for fact in facts if fact)


def _open_points(protocol: Protocol) -> tuple[OpenPoint, ...]:
    """Every silence and note once, with the parts it stands at next to each other."""
    grouped = groupby(compute_silences(protocol), key=lambda silence: (silence.text, silence.silent))
    return tuple(
        OpenPoint(text, silent, tuple(silence.part for silence in silences if silence.part))
        for (text, silent), silences in grouped
    )
