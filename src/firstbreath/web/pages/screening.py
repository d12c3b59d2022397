"""The screening log: everybody who was screened, in order, with what came of it and why."""

from collections.abc import Callable

import msgspec

from firstbreath.protocol.values import Protocol
from firstbreath.protocol.zones import zone_of
from firstbreath.subjects.eligibility import assess_eligibility
from firstbreath.subjects.state import Subject
from firstbreath.trial.due import date_of
from firstbreath.trial.gates import render_failure
from firstbreath.trial.overview import standing_of
from firstbreath.trial.state import Trial
from firstbreath.web.pages.words import render_kind


class ScreeningLine(msgspec.Struct, frozen=True):
    """One person screened: dates of the site, the outcome in a word with its shape, why they failed, the event."""

    code: str
    site: str
    screened: str
    consent: str
    outcome: str
    sign: str
    decided: str
    why: tuple[str, ...]
    seq: int


def compute_screening(trial: Trial, *, sees: Callable[[str], bool]) -> tuple[ScreeningLine, ...]:
    """The lines of the log for the sites in view."""
    protocol = trial.protocol
    if protocol is None:
        return ()
    return tuple(_line(subject, trial, protocol) for subject in trial.subjects.all() if sees(subject.site))


def _line(subject: Subject, trial: Trial, protocol: Protocol) -> ScreeningLine:
    zone = zone_of(protocol, subject.site)
    end = subject.enrolled or subject.ended
    signed = next(iter(subject.consents), None)
    outcome = "enrolled" if subject.enrolled else standing_of(subject)
    return ScreeningLine(
        code=subject.code,
        site=subject.site,
        screened=date_of(subject.screened, zone).isoformat(),
        consent=date_of(signed, zone).isoformat() if signed else "",
        outcome=render_kind(outcome),
        sign="pass" if subject.enrolled else "stop" if subject.ended else "unknown",
        decided=date_of(end, zone).isoformat() if end else "",
        why=_why(subject, trial),
        seq=end.seq if end else subject.screened.seq,
    )


def _why(subject: Subject, trial: Trial) -> tuple[str, ...]:
    """The criteria that failed, and what the investigator said."""
    protocol = trial.protocol_for(subject)
    if subject.enrolled or protocol is None:
        return ()
    failed = [
        render_failure(found, protocol) for found in assess_eligibility(subject, protocol) if found.passes is False
    ]
    said = subject.ended.reason if subject.ended else ""
    return (*failed, *([said] if said else []))
