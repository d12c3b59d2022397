"""The review packet: frozen once, voted on by its members, and the review that follows from their votes."""

from collections.abc import Mapping, Sequence

from firstbreath.events import kinds
from firstbreath.events.decisions import Allowed, Decision, Reason, Refused
from firstbreath.safety.commands import CastVote, ConcludePacket, FreezePacket
from firstbreath.safety.state import Packet, Safety

CAUTION: Mapping[kinds.Recommendation, int] = {"continue": 0, "alter": 1, "hold": 2, "stop": 3}
"""Recommendations from the least to the most cautious; the most cautious vote is the group's."""


def members_waited_for(packet: Packet, members: Sequence[str]) -> tuple[str, ...]:
    """The members of a packet who have not voted; whose role ended before voting is no longer waited for.

    members  the accounts that hold the role now
    """
    voted = {vote.actor for vote in packet.votes}
    return tuple(member for member in packet.body.members if member in members and member not in voted)


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


def decide_vote(state: Safety, command: CastVote, *, actor: str, members: Sequence[str] | None = None) -> Decision:
    """Allowed once for each member; the last vote brings the review, with the most cautious recommendation of all.

    members  the accounts that hold the role now; None where roles are not kept
    """
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
    standing = packet.body.members if members is None else members
    others = [member for member in members_waited_for(packet, standing) if member != actor]
    return Allowed((vote,) if others else (vote, _review(packet, (vote,))))


def decide_conclusion(state: Safety, command: ConcludePacket, *, members: Sequence[str]) -> Decision:
    """Allowed for a packet that has no review and waits for nobody."""
    packet = state.packets.get(command.packet)
    if packet is None or packet.review:
        word = "is decided" if packet else "is not there"
        return Refused((Reason("VOTE-007", f"Packet {command.packet} {word}.", "Look at it again."),))
    waiting = members_waited_for(packet, members)
    if waiting:
        text = f"Packet {command.packet} waits for {', '.join(waiting)}."
        return Refused((Reason("VOTE-008", text, "They vote first."),))
    return Allowed((_review(packet, ()),))


def _review(packet: Packet, last: Sequence[kinds.VoteCast]) -> kinds.ReviewRecorded:
    """What the votes come to: the most cautious of them; when nobody recommends anything, hold."""
    votes = [*((event.actor, event.body) for event in packet.votes), *(("", vote) for vote in last)]
    said = [body.recommendation for _, body in votes if isinstance(body, kinds.VoteCast) and body.recommendation]
    body = packet.body
    if not said:
        return kinds.ReviewRecorded(body.subjects, "hold", body.up_to, (), body.packet)
    voted = max((text for text in said if text), key=CAUTION.__getitem__)
    return kinds.ReviewRecorded(body.subjects, voted, body.up_to, body.members, body.packet)
