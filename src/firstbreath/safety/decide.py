"""Whether a review may be recorded."""

from collections.abc import Mapping

from firstbreath.events.decisions import Allowed, Decision, Reason, Refused
from firstbreath.events.kinds import ReviewRecorded
from firstbreath.safety.commands import RecordReview


def decide_review(command: RecordReview, *, enrolled: Mapping[str, int], last_seq: int) -> Decision:
    """Allowed when the review is of enrolled subjects, on a part of the log that exists and holds their enrolment.

    enrolled  the number of the event that enrolled each subject, by code
    last_seq  the number of the last event of the log
    """
    reasons = [
        Reason("REVIEW-001", f"{code} is not enrolled.", "Name enrolled subjects only.")
        for code in command.subjects
        if code not in enrolled
    ]
    if not command.subjects:
        reasons.append(Reason("REVIEW-002", "The review names no subject.", "Name the subjects reviewed."))
    up_to = command.up_to or last_seq
    if not 1 <= up_to <= last_seq:
        text = f"The review is on the log up to event {command.up_to}, the log has {last_seq}."
        reasons.append(Reason("REVIEW-003", text, "Name an event that exists."))
    late = [code for code in command.subjects if enrolled.get(code, 0) > up_to]
    if late:
        text = f"The review is on the log up to event {up_to}; {', '.join(late)} was enrolled after it."
        reasons.append(Reason("REVIEW-004", text, "Review what is written now: leave up_to out."))
    if reasons:
        return Refused(tuple(reasons))
    review = ReviewRecorded(command.subjects, command.recommendation, up_to, command.members)
    return Allowed((review,))
