"""What waits for a person beside the day's visits: queries, serious events, packets, accounts."""

from collections.abc import Callable, Iterator
from datetime import datetime

import msgspec

from firstbreath.events import kinds
from firstbreath.people.state import People
from firstbreath.subjects.records import query_state
from firstbreath.subjects.state import Subject
from firstbreath.trial.state import Trial
from firstbreath.web.pages.words import count
from firstbreath.web.product.reading import compute_lots, list_to_do
from firstbreath.web.reading.waiting import waiting_of

HOUR_S = 3600
LATELY_H = 72
"""How long an administrator is shown that an account was locked out, or the clock set back."""


class Alert(msgspec.Struct, frozen=True):
    """One thing that waits: in words, with its shape, and the pages that hold it, the most fitting first."""

    words: str
    detail: str
    sign: str
    pages: tuple[str, ...]


def compute_alerts(
    trial: Trial, now: datetime, *, account: str, may: Callable[[str], bool], sees: Callable[[str], bool]
) -> tuple[Alert, ...]:
    """What waits for an account.

    may   whether any role held may do an act
    sees  whether the subjects of a site are in view
    """
    subjects = [subject for subject in trial.subjects.all() if sees(subject.site)]
    return (
        *_serious(trial, subjects, now, may=may),
        *_packets(trial, account=account, may=may),
        *_queries(subjects, may=may),
        *_product(trial, now, may=may, sees=sees),
        *(Alert(each.words, "", each.sign, (each.page,)) for each in waiting_of(trial, account, now.date(), may=may)),
        *(_people(trial.people, now) if may("close_account") else ()),
    )


def _serious(trial: Trial, subjects: list[Subject], now: datetime, *, may: Callable[[str], bool]) -> Iterator[Alert]:
    """Serious adverse events that nobody reported on."""
    if not may("forward_serious_event"):
        return
    for subject in subjects:
        for versions in trial.safety.adverse_events(subject.code):
            body = versions[-1].body
            if not isinstance(body, kinds.AdverseEventReported | kinds.AdverseEventRevised) or not body.serious:
                continue
            if not trial.safety.forwarded.get((subject.code, body.number)):
                hours = int((now - versions[0].at).total_seconds() // HOUR_S)
                words = f"Serious event of {subject.code}: {body.term}"
                detail = f"reported to nobody yet, {count(hours, 'hour')} after it was entered"
                yield Alert(words, detail, "stop", ("adverse-events", "safety"))


def _packets(trial: Trial, *, account: str, may: Callable[[str], bool]) -> Iterator[Alert]:
    """Packets that wait for this member's vote."""
    if not may("cast_vote"):
        return
    for number, packet in sorted(trial.safety.packets.items()):
        voted = {vote.actor for vote in packet.votes}
        if packet.review is None and account in packet.body.members and account not in voted:
            codes = ", ".join(packet.body.subjects)
            yield Alert(f"Packet {number} waits for your vote", codes, "pause", ("packets", "safety"))


def _product(
    trial: Trial, now: datetime, *, may: Callable[[str], bool], sees: Callable[[str], bool]
) -> Iterator[Alert]:
    """What the product waits for that this account may do."""
    if trial.protocol is None or not may("see_product") or not trial.product.tracked:
        return
    lots = compute_lots(trial, trial.protocol, now.date(), sees=sees)
    for each in list_to_do(trial, trial.protocol, lots, sees=sees):
        if may(each.act):
            yield Alert(each.words, "product", each.sign, ("product",))


def _queries(subjects: list[Subject], *, may: Callable[[str], bool]) -> Iterator[Alert]:
    """Queries to answer, for whoever answers them; answers to judge, for whoever closes them."""
    for act, state, words in (
        ("answer_query", "open", "to answer"),
        ("close_query", "answered", "answered, to be closed"),
    ):
        asked = {
            subject.code: sum(query_state(subject, query) == state for query in subject.queries)
            for subject in subjects
            if may(act)
        }
        total = sum(asked.values())
        if total:
            noun = "query" if total == 1 else "queries"
            detail = ", ".join(code for code, number in asked.items() if number)
            yield Alert(f"{total} {noun} {words}", detail, "unknown", ("queries",))


def _people(people: People, now: datetime) -> Iterator[Alert]:
    """What an administrator is to look at, of the last days."""
    recent = [event for event in people.alerts if (now - event.at).total_seconds() < LATELY_H * HOUR_S]
    locked = [event.body.account for event in recent if isinstance(event.body, kinds.AccountLockedOut)]
    if locked:
        yield Alert(
            f"{count(len(locked), 'lock-out')}", ", ".join(dict.fromkeys(locked)), "stop", ("people-alerts", "people")
        )
    if any(isinstance(event.body, kinds.ClockSetBack) for event in recent):
        yield Alert("The server's clock was set back", "", "stop", ("people-alerts", "people"))
    waiting = [account.id for account in people.all() if not account.closed and account.verified is None]
    if waiting:
        words = f"{count(len(waiting), 'account')} whose identity nobody verified"
        yield Alert(words, ", ".join(waiting), "unknown", ("people",))
