"""What can be asked of this slice."""

import msgspec

from firstbreath.events.kinds import Recommendation


class RecordReview(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="act", tag="record_review", forbid_unknown_fields=True
):
    """Record the safety group's review of subjects, with its recommendation.

    `up_to` is the last event the group saw; 0 stands for everything written so far.
    """

    subjects: tuple[str, ...]
    recommendation: Recommendation
    up_to: int = 0
    members: tuple[str, ...] = ()
