"""The review packet: frozen once, voted on by its members, and the review that follows from their votes."""

from collections.abc import Mapping, Sequence

from firstbreath.events import kinds
from firstbreath.events.decisions import Allowed, Decision, Reason, Refused
from firstbreath.safety.commands import CastVote, FreezePacket
from firstbreath.safety.state import Packet, Safety

CAUTION: Mapping[kinds.Recommendation, int] = {"continue": 0, "alter": 1, "hold": 2, "stop": 3}
"""Recommendations from the least to the most cautious; the most cautious vote is the group's."""


def decide_packet(
    state: Safety,
    command: FreezePacket,
    *,
    enrolled: Mapping[str, int],
    members: Sequence[str],
    last: tuple[int, bytes],
) -> Decision:
    """Allowed for enrolled subjects while nobody votes on another packet, when the safety group has members.

    enrolled  the number of the event that enrolled each subject, by code
    members   the accounts that hold the role of a safety group member now
    last      the number and chain hash of the last event
    """
    reasons = [
        Reason("REVIEW-001", f"{code[:20]} is not enrolled.", "Name enrolled subjects only.")
        for code in command.subjects
        if code not in enrolled
    ]
    if not command.subjects or len({*command.subjects}) != len(command.subjects):
        reasons.append(Reason("REVIEW-002", "The packet names no subject, or one twice.", "Name those to review."))
    waiting = [number for number, packet in state.packets.items() if packet.review is None]
    if waiting:
        text = f"Packet {waiting[0]} is being voted on."
        reasons.append(Reason("PACKET-001", text, "Wait for its review."))
    if not members:
        text = "Nobody is a member of the safety group now."
        reasons.append(Reason("PACKET-002", text, "Have the role delegated first."))
    if reasons:
        return Refused(tuple(reasons))
    seq, hashed = last
    number = max(state.packets, default=0) + 1
    return Allowed((kinds.PacketFrozen(number, command.subjects, seq, hashed.hex(), tuple(members)),))


def decide_vote(state: Safety, command: CastVote, *, actor: str) -> Decision:
    """Allowed once for each member; the last vote brings the review, with the most cautious recommendation of all."""
    packet = state.packets.get(command.packet)
    if packet is None:
        return Refused((Reason("VOTE-001", f"There is no packet {command.packet}.", "Open the packet again."),))
    reasons = []
    if packet.review:
        text = f"Packet {command.packet} is decided (event {packet.review.seq})."
        reasons.append(Reason("VOTE-002", text, "Freeze a new packet to review again."))
    if actor not in packet.body.members:
        text = f"{actor[:40]} was no member when packet {command.packet} was frozen."
        reasons.append(Reason("VOTE-003", text, "Its members vote."))
    if actor in {vote.actor for vote in packet.votes}:
        reasons.append(Reason("VOTE-004", f"{actor} has voted on this packet.", "A vote stands."))
    if not command.conflict.strip():
        reasons.append(Reason("VOTE-005", "No conflict of interest is stated.", 'State it, or state "none".'))
    if command.recommendation in ("", "hold", "stop", "alter") and not command.comment.strip():
        reasons.append(Reason("VOTE-006", "Anything but continue needs a reason.", "Say why."))
    if reasons:
        return Refused(tuple(reasons))
    vote = kinds.VoteCast(command.packet, command.recommendation, command.conflict.strip(), command.comment.strip())
    return Allowed((vote, *_review(packet, vote)))


def _review(packet: Packet, vote: kinds.VoteCast) -> tuple[kinds.Kind, ...]:
    """The review, once every member has voted; when all of them abstain there is none, and the gate stays shut."""
    bodies = [*(event.body for event in packet.votes), vote]
    said = [body.recommendation for body in bodies if isinstance(body, kinds.VoteCast) and body.recommendation]
    if len(bodies) < len(packet.body.members):
        return ()
    if not said:
        return (kinds.ReviewRecorded(packet.body.subjects, "hold", packet.body.up_to, (), packet.body.packet),)
    voted = max((text for text in said if text), key=CAUTION.__getitem__)
    return (
        kinds.ReviewRecorded(packet.body.subjects, voted, packet.body.up_to, packet.body.members, packet.body.packet),
    )
