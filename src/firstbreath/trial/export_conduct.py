"""How the trial was conducted, as tables: what happened during each inhalation, who signed, who voted on what."""

from collections.abc import Iterator, Sequence

import msgspec

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.subjects.state import Subject
from firstbreath.trial.state import Trial
from firstbreath.trial.tables_out import DataTable, Row, recorded_at, render_cell

STARTED = ("vial", "volume_ml", "device", "interface", "oxygen_l_min")


def inhalation_table(subjects: Sequence[Subject]) -> DataTable:
    """A row for each step of each inhalation: started, paused, an event seen, resumed, stopped."""
    columns = ("subject", "day", "what", *STARTED, "seen", "occurred", "reason", "recorded_by", "event")
    rows = [
        (
            subject.code,
            str(day),
            event.kind,
            *(render_cell(getattr(event.body, name, "")) for name in STARTED),
            event.body.event if isinstance(event.body, kinds.InhalationEventSeen) else "",
            event.occurred,
            event.reason,
            event.actor,
            str(event.seq),
        )
        for subject in subjects
        for day, session in sorted(subject.inhalations.items())
        for event in session
    ]
    return DataTable("inhalations", columns, tuple(rows))


def eligibility_table(subjects: Sequence[Subject]) -> DataTable:
    """A row for each criterion that an investigator attested, with the words it answers."""
    columns = ("subject", "criterion", "asked", "true", "reason", "attested_by", "event")
    rows = [
        (
            *(subject.code, criterion, event.body.asked.get(criterion, ""), render_cell(true)),
            *(event.reason, event.actor, str(event.seq)),
        )
        for subject in subjects
        for event in subject.attested
        if isinstance(event.body, kinds.EligibilityAttested)
        for criterion, true in event.body.criteria.items()
    ]
    return DataTable("attestations", columns, tuple(rows))


def signature_table(subjects: Sequence[Subject]) -> DataTable:
    """A row for each signature and each source verification, with the events it vouches for and their digest."""
    columns = ("subject", "what", "meaning", "name", "digest", "events", "at", "account", "event")
    return DataTable("signatures", columns, tuple(row for each in subjects for row in _signatures_of(each)))


def _signatures_of(subject: Subject) -> Iterator[Row]:
    for event in sorted((*subject.signed, *subject.verified), key=lambda event: event.seq):
        body = event.body
        if not isinstance(body, kinds.RecordsSigned | kinds.SourceVerified):
            continue
        said = (getattr(body, "meaning", ""), getattr(body, "name", ""), getattr(body, "digest", ""))
        numbers = " ".join(str(seq) for seq in body.seqs)
        yield (subject.code, event.kind, *said, numbers, recorded_at(event), event.actor, str(event.seq))


def struck_table(subjects: Sequence[Subject]) -> DataTable:
    """A row for each entry that counts no more, whole, and who said so and why."""
    columns = ("subject", "struck", "kind", "body", "reason", "struck_by", "at", "event")
    rows = [
        (
            subject.code,
            str(wrong.seq),
            wrong.kind,
            msgspec.json.encode(wrong.body).decode(),
            saying.reason,
            saying.actor,
            recorded_at(saying),
            str(saying.seq),
        )
        for subject in subjects
        for wrong, saying in subject.struck
    ]
    return DataTable("struck_entries", columns, tuple(rows))


def review_tables(trial: Trial, subjects: Sequence[Subject]) -> tuple[DataTable, ...]:
    """Packets with what the review said, and every vote on a decided one; of the subjects in view alone."""
    codes = {subject.code for subject in subjects}
    packets = [each for _, each in sorted(trial.safety.packets.items()) if codes.issuperset(each.body.subjects)]
    frozen = tuple(
        (
            str(packet.body.packet),
            "; ".join(packet.body.subjects),
            str(packet.body.up_to),
            packet.body.hash,
            "; ".join(packet.body.members),
            recorded_at(packet.frozen),
            _recommendation(packet.review),
            recorded_at(packet.review) if packet.review else "",
            str(packet.frozen.seq),
        )
        for packet in packets
    )
    votes = tuple(
        (
            str(vote.body.packet),
            vote.actor,
            vote.body.recommendation or "abstains",
            vote.body.conflict,
            vote.body.comment,
            recorded_at(vote),
            str(vote.seq),
        )
        for packet in packets
        if packet.review
        for vote in packet.votes
        if isinstance(vote.body, kinds.VoteCast)
    )
    columns = ("packet", "subjects", "up_to", "hash", "members", "frozen", "recommendation", "decided", "event")
    voting = ("packet", "member", "recommendation", "conflict", "comment", "at", "event")
    return DataTable("packets", columns, frozen), DataTable("votes", voting, votes)


def _recommendation(review: Event | None) -> str:
    body = review.body if review else None
    return body.recommendation if isinstance(body, kinds.ReviewRecorded) else ""


def forwarding_table(trial: Trial, subjects: Sequence[Subject]) -> DataTable:
    """A row each time a serious adverse event was reported onwards, with the version of the facts that was sent."""
    codes = {subject.code for subject in subjects}
    rows = [
        (code, str(number), event.body.to, str(event.body.as_of), event.occurred, event.actor, str(event.seq))
        for (code, number), sent in sorted(trial.safety.forwarded.items())
        if code in codes
        for event in sent
        if isinstance(event.body, kinds.SeriousEventForwarded)
    ]
    columns = ("subject", "number", "to", "as_of", "occurred", "forwarded_by", "event")
    return DataTable("serious_events_forwarded", columns, tuple(rows))


def range_table(trial: Trial) -> DataTable:
    """Every reference range ever set, in order."""
    names = ("site", "field", "low", "high", "unit", "sex", "begins")
    rows = [
        (*(render_cell(getattr(event.body, name)) for name in names), event.actor, str(event.seq))
        for event in trial.safety.ranges
    ]
    return DataTable("reference_ranges", (*names, "set_by", "event"), tuple(rows))
