"""What a person may do for a subject now, in the order of the way through the trial."""

from collections.abc import Callable, Iterator

import msgspec

from firstbreath.protocol.values import Protocol
from firstbreath.subjects.consent import lacking_consent
from firstbreath.subjects.doses import doses_of
from firstbreath.subjects.state import Subject


class ActLink(msgspec.Struct, frozen=True):
    """A button: its words, the names of the pages it may lead to, the place in them, and how it looks."""

    words: str
    pages: tuple[str, ...]
    place: tuple[str | int, ...]
    look: str = ""


def list_acts(subject: Subject, protocol: Protocol, *, may: Callable[[str, str], bool]) -> tuple[ActLink, ...]:
    """The acts for a subject by somebody; none while the records are frozen.

    may  whether they may do an act at a site
    """
    offered = () if subject.frozen else (*_on_the_way(subject, protocol), *_at_any_time(subject))
    links = [
        ActLink(words, pages, (subject.code,), look) for act, words, pages, look in offered if may(act, subject.site)
    ]
    day = None if subject.frozen else _next_inhalation(subject, protocol)
    if day is not None and may("start_inhalation", subject.site):
        links.insert(0, ActLink(f"Inhalation of day {day}", ("inhalation",), (subject.code, day)))
    return tuple(links)


def _on_the_way(subject: Subject, protocol: Protocol) -> Iterator[tuple[str, str, tuple[str, ...], str]]:
    if subject.ended:
        return
    lacking = lacking_consent(subject, protocol)
    if lacking:
        words = "Consent again" if subject.consents else "Consent"
        yield "sign_consent", words, ("sign-consent",), ""
    if subject.enrolled is None:
        yield "attest_eligibility", "Attest eligibility", ("attest-eligibility",), "button-quiet"
        yield "enrol_subject", "Enrol", ("enrol-subject",), "button-quiet"


def _next_inhalation(subject: Subject, protocol: Protocol) -> int | None:
    """The trial day of the dose that comes next, while the subject is in the trial."""
    if subject.ended or subject.enrolled is None:
        return None
    return next((dose.day for dose in doses_of(subject, protocol) if dose.status == "planned"), None)


def _at_any_time(subject: Subject) -> Iterator[tuple[str, str, tuple[str, ...], str]]:
    yield "record_form", "Fill a form", ("subject-schedule",), "button-quiet"
    yield (
        "report_adverse_event",
        "Report an adverse event",
        ("report-adverse-event", "adverse-event-new"),
        "button-quiet",
    )
    yield "record_deviation", "Record a deviation", ("record-deviation",), "button-quiet"
    if subject.consent:
        yield "withdraw_consent", "Withdraw consent", ("withdraw-consent",), "button-quiet"
    if subject.ended is None:
        words = "End the participation" if subject.enrolled else "Close the screening"
        yield "end_participation", words, ("end-participation",), "button-quiet"
