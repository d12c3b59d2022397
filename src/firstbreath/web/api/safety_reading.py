"""Safety and people as a program reads them."""

from collections.abc import Mapping
from datetime import date

import msgspec

from firstbreath.events.record import Event
from firstbreath.people.rights import RIGHTS, ROLES
from firstbreath.people.state import Account, Grant
from firstbreath.safety.state import Packet
from firstbreath.trial.state import Trial
from firstbreath.web.api.subject_reading import AdverseEventReading, QueryReading, read_adverse_events, read_queries
from firstbreath.web.api.trial_reading import in_view
from firstbreath.web.identity import Identity


class PacketReading(msgspec.Struct, frozen=True):
    """What the safety group was given to review, who has voted, and once all have, how, and the review."""

    packet: int
    subjects: tuple[str, ...]
    up_to: int
    hash: str
    members: tuple[str, ...]
    voted: tuple[str, ...]
    frozen: Event
    votes: tuple[Event, ...]
    review: Event | None


class PacketsReading(msgspec.Struct, frozen=True):
    """Every packet in the order frozen."""

    seq: int
    packets: tuple[PacketReading, ...]


class AdverseEventsReading(msgspec.Struct, frozen=True):
    """The adverse events in view, in the order reported."""

    seq: int
    adverse_events: tuple[AdverseEventReading, ...]


class ReviewsReading(msgspec.Struct, frozen=True):
    """The safety group's reviews in order; `standing` is the last recommendation, or empty."""

    seq: int
    standing: str
    reviews: tuple[Event, ...]


class RangesReading(msgspec.Struct, frozen=True):
    """The normal ranges of laboratory values, in the order set."""

    seq: int
    ranges: tuple[Event, ...]


class QueriesReading(msgspec.Struct, frozen=True):
    """The queries in view, subject by subject."""

    seq: int
    queries: tuple[QueryReading, ...]


class GrantReading(msgspec.Struct, frozen=True):
    """A delegation: a role at a site (empty: all sites), from a date to a date (empty: open)."""

    role: str
    site: str
    begins: str
    ends: str


class AccountReading(msgspec.Struct, frozen=True):
    """Somebody's account: its delegations, and what it needs before acts are done under it."""

    account: str
    name: str
    open: bool
    roles: tuple[str, ...]
    delegations: tuple[GrantReading, ...]
    accepted: bool
    trained: bool
    verified: bool


class PeopleReading(msgspec.Struct, frozen=True):
    """Every account in the order of opening, with the roles held on a date."""

    seq: int
    on: date
    people: tuple[AccountReading, ...]


class RightsReading(msgspec.Struct, frozen=True):
    """Which roles may do each act and see each group of pages; the words of each role."""

    roles: Mapping[str, str]
    rights: Mapping[str, tuple[str, ...]]


def read_packets(trial: Trial) -> PacketsReading:
    """Every packet. How somebody voted is told once everybody has, so that no vote follows another."""
    return PacketsReading(trial.seq, tuple(_read_packet(packet) for _, packet in sorted(trial.safety.packets.items())))


def _read_packet(packet: Packet) -> PacketReading:
    body = packet.body
    return PacketReading(
        packet=body.packet,
        subjects=body.subjects,
        up_to=body.up_to,
        hash=body.hash,
        members=body.members,
        voted=tuple(vote.actor for vote in packet.votes),
        frozen=packet.frozen,
        votes=packet.votes if packet.review else (),
        review=packet.review,
    )


def read_all_adverse_events(trial: Trial, identity: Identity | None) -> AdverseEventsReading:
    """The adverse events that somebody may see."""
    found = [each for each in read_adverse_events(trial) if in_view(each.subject, trial, identity)]
    return AdverseEventsReading(trial.seq, tuple(found))


def read_reviews(trial: Trial) -> ReviewsReading:
    """Every review."""
    return ReviewsReading(trial.seq, trial.safety.standing, trial.safety.reviews)


def read_ranges(trial: Trial) -> RangesReading:
    """Every normal range."""
    return RangesReading(trial.seq, trial.safety.ranges)


def read_all_queries(trial: Trial, identity: Identity | None) -> QueriesReading:
    """The queries that somebody may see."""
    subjects = [subject for subject in trial.subjects.all() if in_view(subject.code, trial, identity)]
    return QueriesReading(trial.seq, tuple(query for subject in subjects for query in read_queries(subject)))


def read_people(trial: Trial, on: date) -> PeopleReading:
    """Every account, with the roles held on a date."""
    return PeopleReading(trial.seq, on, tuple(read_account(account, on) for account in trial.people.all()))


def read_account(account: Account, on: date) -> AccountReading:
    """An account."""
    return AccountReading(
        account=account.id,
        name=account.name,
        open=account.closed is None,
        roles=account.roles(on),
        delegations=tuple(_read_grant(grant) for grant in account.grants),
        accepted=account.accepted is not None,
        trained=bool(account.trained),
        verified=account.verified is not None,
    )


def _read_grant(grant: Grant) -> GrantReading:
    return GrantReading(grant.role, grant.site, grant.begins, grant.ends)


def read_rights() -> RightsReading:
    """The grid of rights."""
    rows = {row: tuple(role for role in ROLES if role in roles) for row, roles in RIGHTS.by_act.items()}
    return RightsReading(ROLES, rows)
