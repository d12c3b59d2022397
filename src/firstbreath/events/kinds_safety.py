"""What can happen for the safety of the subjects: adverse events, ranges, packets, votes, reviews."""

from typing import Literal

from firstbreath.events.kinds_base import Body

Recommendation = Literal["continue", "hold", "stop", "alter"]
Relation = Literal["", "not related", "unlikely", "possible", "probable", "definite"]


class AdverseEventFacts(Body, frozen=True, gc=False, omit_defaults=True):
    """What is known of an adverse event; empty is not known yet.

    onset, ended   ISO 8601 date or time with zone
    grade          1 to 5 by CTCAE v5.0; 0 not graded
    serious        criteria of seriousness that apply (ICH E2A II.B): death, life-threatening, hospitalisation,
                   disability, congenital anomaly, important medical event
    aware          when the site became aware, which starts the clocks of a serious one
    expected       whether it is in the reference safety information; None is not judged
    prespecified   the protocol's inhalation event, or empty
    day            the trial day of the inhalation it followed, 0 for none
    """

    number: int
    term: str
    onset: str = ""
    ended: str = ""
    grade: int = 0
    serious: tuple[str, ...] = ()
    related_product: Relation = ""
    related_nebulisation: Relation = ""
    action: str = ""
    outcome: str = ""
    aware: str = ""
    expected: bool | None = None
    prespecified: str = ""
    day: int = 0
    narrative: str = ""


class AdverseEventReported(AdverseEventFacts, frozen=True, gc=False, tag="adverse_event_reported"):
    """An adverse event was reported; `number` numbers it within the subject."""


class AdverseEventRevised(AdverseEventFacts, frozen=True, gc=False, tag="adverse_event_revised"):
    """More is known of an adverse event, or something was wrong: all of its facts as they now stand, with a reason."""


class SeriousEventForwarded(Body, frozen=True, gc=False, tag="serious_event_forwarded"):
    """A serious adverse event was reported onwards; `as_of` is the event that held the facts sent."""

    number: int
    to: Literal["sponsor", "authority", "ethics", "safety group"]
    as_of: int


class ReferenceRangeSet(Body, frozen=True, gc=False, tag="reference_range_set"):
    """The normal range of a laboratory field at a site from a date on; limits are texts as printed."""

    site: str
    field: str
    low: str
    high: str
    begins: str
    unit: str = ""
    sex: Literal["", "Male", "Female"] = ""


class PacketFrozen(Body, frozen=True, gc=False, tag="packet_frozen"):
    """What the safety group reviews was fixed at a place of the log.

    packet   its number in the trial
    up_to    the last event it shows; hash is that event's
    members  the accounts that are to vote
    """

    packet: int
    subjects: tuple[str, ...]
    up_to: int
    hash: str
    members: tuple[str, ...]


class VoteCast(Body, frozen=True, gc=False, tag="vote_cast"):
    """A member of the safety group voted on a packet, having stated any conflict of interest ("none" is a statement).

    A member who abstains because of a conflict has no recommendation.
    """

    packet: int
    recommendation: Literal["", "continue", "hold", "stop", "alter"]
    conflict: str
    comment: str = ""


class ReviewRecorded(Body, frozen=True, gc=False, tag="review_recorded"):
    """The safety group reviewed subjects on the log up to an event, and recommended; `packet` is what it saw."""

    subjects: tuple[str, ...]
    recommendation: Recommendation
    up_to: int
    members: tuple[str, ...] = ()
    packet: int = 0
