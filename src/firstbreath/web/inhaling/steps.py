"""What each form of the page asks for: a command, when it happened, and why."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time

import msgspec
from django.http import QueryDict

from firstbreath.events import kinds
from firstbreath.events.decisions import Reason
from firstbreath.protocol.entries import parse_number
from firstbreath.protocol.values import Protocol
from firstbreath.protocol.zones import zone_of
from firstbreath.subjects import commands
from firstbreath.subjects.delivered import given_from
from firstbreath.subjects.forms import UNSCHEDULED
from firstbreath.subjects.session import session_of, start_of
from firstbreath.subjects.state import Subject
from firstbreath.trial.commands import AnyCommand
from firstbreath.web.act import parse_command
from firstbreath.web.entry import parse_sent

Parsed = AnyCommand | tuple[Reason, ...]


class Sent(msgspec.Struct, frozen=True):
    """A form of the page as it was sent: of which subject, on which day, under which protocol."""

    subject: Subject
    day: int
    protocol: Protocol
    form: QueryDict

    def text(self, name: str) -> str:
        """What was entered under a name, without what surrounds it."""
        return str(self.form.get(name, "")).strip()

    @property
    def place(self) -> dict[str, str | int]:
        """The subject and the day, as every command takes them."""
        return {"subject": self.subject.code, "day": self.day}


def parse_occurred(sent: Sent) -> str:
    """When it happened: as the page's module says, else by the clock entered; empty for now.

    Raises `ValueError` with a message for the reader.
    """
    clock = sent.text("at")
    if not clock:
        return sent.text("occurred")[:40]
    zone = zone_of(sent.protocol, sent.subject.site)
    try:
        day = date.fromisoformat(sent.text("on")[:10])
        return datetime.combine(day, time.fromisoformat(clock[:8].zfill(5)), tzinfo=zone).isoformat()
    except ValueError:
        msg = f"“{clock[:20]}” is no time such as 09:05."
        raise ValueError(msg) from None


def parse_reason(sent: Sent) -> str:
    """Why: in own words, else as the button says."""
    return sent.text("reason_text") or sent.text("reason")


def _start(sent: Sent) -> Parsed:
    entered = {name: sent.text(name) for name in ("vial", "volume_ml", "device", "interface", "oxygen_l_min")}
    return parse_command(commands.StartInhalation, **sent.place, **entered)


def _pause(sent: Sent) -> Parsed:
    return parse_command(commands.PauseInhalation, **sent.place)


def _resume(sent: Sent) -> Parsed:
    return parse_command(commands.ResumeInhalation, **sent.place)


def _stop(sent: Sent) -> Parsed:
    return parse_command(commands.StopInhalation, **sent.place)


def _event(sent: Sent) -> Parsed:
    return parse_command(commands.SeeInhalationEvent, **sent.place, event=sent.text("event"))


def _strike(sent: Sent) -> Parsed:
    return parse_command(commands.StrikeEntry, subject=sent.subject.code, corrects=sent.text("corrects"))


def _signs(sent: Sent) -> Parsed:
    part = sent.protocol.design.inhalation
    form = sent.protocol.form(part.form) if part else None
    if part is None or form is None:
        return (Reason("INH-012", "The protocol names no vital signs of an inhalation.", "Use the form itself."),)
    values, absent = parse_sent(form, sent.form)
    if not values.keys() - {part.told_by} and not absent:
        return (Reason("INH-013", "No vital sign was entered.", "Enter at least one, or why there is none."),)
    if part.told_by not in values:
        return (Reason("INH-014", "It was not said when this was measured.", "Choose the time point."),)
    visit = next((visit.id for visit in sent.protocol.design.visits if visit.day == sent.day), UNSCHEDULED)
    return commands.RecordForm(
        subject=sent.subject.code, form=form.id, visit=visit, values=values, absent=absent, repeat=0
    )


def _dose(sent: Sent) -> Parsed:
    amount, rest = sent.text("amount"), sent.text("residual_ml")
    if sent.text("outcome") == "given":
        return parse_command(commands.GiveDose, **sent.place, amount=amount, residual_ml=rest)
    if sent.text("outcome") != "interrupted":
        return (Reason("INH-015", "It was not said what became of the dose.", "Choose given, or interrupted."),)
    given = _given_of(sent, rest)
    if isinstance(given, Reason):
        return (given,)
    return parse_command(commands.InterruptDose, **sent.place, amount=amount, given_ml=given)


def _given_of(sent: Sent, rest: str) -> str | Reason:
    """What left the cup of an interrupted dose; empty where the rest was not measured."""
    start = start_of(sent.subject, sent.day)
    filled = start.body.volume_ml if start and isinstance(start.body, kinds.InhalationStarted) else ""
    if not rest or not filled:
        return ""
    try:
        given = given_from(parse_number(filled), parse_number(rest))
    except ValueError:
        return Reason("DOSE-007", f"residual_ml {rest[:30]!r} is not a number above zero.", "Enter it again.")
    if given is None or given < 0:
        return Reason("DOSE-008", f"{rest} ml are left of {filled} ml.", "Measure the rest again.")
    return str(given)


def when_inhaled(sent: Sent) -> str:
    """The time from start to stop as the log keeps a period; empty before there is one."""
    session = session_of(sent.subject, sent.day, zone_of(sent.protocol, sent.subject.site))
    if session.began is None or session.stopped is None:
        return ""
    return f"{session.began.isoformat()}/{session.stopped.isoformat()}"


STEPS: Mapping[str, Callable[[Sent], Parsed]] = {
    "start": _start,
    "pause": _pause,
    "resume": _resume,
    "stop": _stop,
    "signs": _signs,
    "event": _event,
    "dose": _dose,
    "strike": _strike,
}
"""Every form of the page by the last part of its address."""
