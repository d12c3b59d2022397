"""What can be asked of this slice."""

import msgspec

from firstbreath.events.kinds import Recommendation


class RecordReview(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="act", tag="record_review", forbid_unknown_fields=True
):
    """Record the safety group's review of subjects, on the log up to an event, with its recommendation."""

    subjects: tuple[str, ...]
    recommendation: Recommendation
    up_to: int
    members: tuple[str, ...] = ()
