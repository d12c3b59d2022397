"""What can be asked of this slice."""

from typing import Literal

import msgspec

from firstbreath.events.kinds import Recommendation, Relation


class SafetyCommand(msgspec.Struct, frozen=True, kw_only=True, tag_field="act", forbid_unknown_fields=True):
    """An act for the safety of the subjects."""


class RecordReview(SafetyCommand, frozen=True, tag="record_review"):
    """Record the safety group's review of subjects, with its recommendation.

    `up_to` is the last event the group saw; 0 stands for everything written so far.
    """

    subjects: tuple[str, ...]
    recommendation: Recommendation
    up_to: int = 0
    members: tuple[str, ...] = ()


class AdverseEventCommand(SafetyCommand, frozen=True):
    """What is known of an adverse event; see `AdverseEventFacts` for what each means."""

    subject: str
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


class ReportAdverseEvent(AdverseEventCommand, frozen=True, tag="report_adverse_event"):
    """Report an adverse event of a subject."""


class ReviseAdverseEvent(AdverseEventCommand, frozen=True, kw_only=True, tag="revise_adverse_event"):
    """State all facts of an adverse event anew, by its number; needs a reason.

    `seen` is the last event of it that was in view; 0 does not ask whether somebody revised it meanwhile.
    """

    number: int
    seen: int = 0


class ForwardSeriousEvent(SafetyCommand, frozen=True, tag="forward_serious_event"):
    """Record that a serious adverse event was reported onwards, as its facts stand."""

    subject: str
    number: int
    to: Literal["sponsor", "authority", "ethics", "safety group"]


class SetReferenceRange(SafetyCommand, frozen=True, tag="set_reference_range"):
    """Set the normal range of a laboratory field at a site from a date on."""

    site: str
    field: str
    low: str
    high: str
    begins: str
    unit: str = ""
    sex: Literal["", "Male", "Female"] = ""


class FreezePacket(SafetyCommand, frozen=True, tag="freeze_packet"):
    """Fix what the safety group is to review: these subjects, on everything written so far."""

    subjects: tuple[str, ...]


class ConcludePacket(SafetyCommand, frozen=True, tag="conclude_packet"):
    """Bring the review of a packet that waits for nobody any more, because a member's role ended before voting."""

    packet: int


class CastVote(SafetyCommand, frozen=True, tag="cast_vote"):
    """Vote on a packet; an empty recommendation abstains because of the conflict stated."""

    packet: int
    recommendation: Literal["", "continue", "hold", "stop", "alter"]
    conflict: str
    comment: str = ""
