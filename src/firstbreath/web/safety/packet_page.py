"""A packet as its page shows it: what was frozen, and apart from it who voted and who is waited for."""

from datetime import date, datetime

import msgspec

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.safety.packets import members_waited_for
from firstbreath.safety.state import Packet
from firstbreath.trial.gates import GateState, enrolment_gate
from firstbreath.trial.history import History
from firstbreath.trial.packet import AdverseEventLine, PacketContent, PacketSubject, compute_packet
from firstbreath.trial.state import Trial
from firstbreath.trial.vital_signs import VitalSeries
from firstbreath.web.safety.adverse_list import ClockLine, show_clock

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 240, 110, 34, 8, 18


class PacketLine(msgspec.Struct, frozen=True):
    """A packet in the list."""

    packet: Packet
    voted: int
    members: int
    word: str


class VoteLine(msgspec.Struct, frozen=True):
    """A member with the vote cast, or none yet; `left` when the member's role ended before voting."""

    name: str
    vote: Event | None
    word: str
    left: bool


class Dot(msgspec.Struct, frozen=True):
    """A value in a plot, with its place."""

    x: int
    y: int
    words: str


class Plot(msgspec.Struct, frozen=True):
    """A vital sign over the values taken, in order; a line parts one visit from the next."""

    label: str
    unit: str
    low: str
    high: str
    dots: tuple[Dot, ...]
    days: tuple[tuple[int, str], ...]
    summary: str

    @property
    def path(self) -> str:
        """The points of the line."""
        return " ".join(f"{dot.x},{dot.y}" for dot in self.dots)


class SubjectPage(msgspec.Struct, frozen=True):
    """One subject of the packet: content, plots, clocks as they stood at the cut-off."""

    content: PacketSubject
    plots: tuple[Plot, ...]
    adverse: tuple[tuple[AdverseEventLine, tuple[ClockLine, ...]], ...]


class PacketPage(msgspec.Struct, frozen=True):
    """Everything of the page. `written_since` is how many events came after the cut-off: the next packet shows them.

    While `sealed`, the page says who has voted and not how.
    """

    packet: Packet
    content: PacketContent
    subjects: tuple[SubjectPage, ...]
    votes: tuple[VoteLine, ...]
    sealed: bool
    waiting: tuple[str, ...]
    may_vote: bool
    gate: GateState
    written_since: int


def compute_packets(trial: Trial) -> tuple[PacketLine, ...]:
    """Every packet, the last first."""
    found = sorted(trial.safety.packets.items(), reverse=True)
    return tuple(
        PacketLine(packet, len(packet.votes), len(packet.body.members), review_word(packet)) for _, packet in found
    )


def review_word(packet: Packet) -> str:
    """What the review of a packet says, or that it waits."""
    body = packet.review.body if packet.review else None
    return body.recommendation if isinstance(body, kinds.ReviewRecorded) else "waits for votes"


def enrolled_codes(trial: Trial) -> tuple[tuple[str, str], ...]:
    """The enrolled subjects with what their last review says."""
    return tuple((code, trial.safety.recommendation(code)) for code in trial.subjects.enrolled)


def frozen_content(history: History, number: int) -> PacketContent:
    """What a packet froze, whatever was written since."""
    packets = history.now.safety.packets
    packet, last = packets[number], packets.get(number - 1)
    trial = history.as_of(packet.body.up_to)
    return compute_packet(trial, history.events[: packet.body.up_to], packet, last=last)


def compute_packet_page(trial: Trial, history: History, number: int, *, account: str, on: date) -> PacketPage:
    """The page of a packet for an account, on a day."""
    packet, content = trial.safety.packets[number], frozen_content(history, number)
    waiting = members_waited_for(packet, trial.people.members("safety_group", on))
    voted = {vote.actor: vote for vote in packet.votes}
    votes = tuple(_vote(trial, member, voted.get(member), member not in waiting) for member in packet.body.members)
    return PacketPage(
        packet=packet,
        content=content,
        subjects=tuple(_subject(subject, content.cut_off) for subject in content.subjects),
        votes=votes,
        sealed=packet.review is None,
        waiting=tuple(trial.people.name_of(member) for member in waiting),
        may_vote=account in waiting and packet.review is None,
        gate=enrolment_gate(trial),
        written_since=sum(event.subject in packet.body.subjects for event in history.events[packet.body.up_to :]),
    )


def _vote(trial: Trial, member: str, vote: Event | None, gone: bool) -> VoteLine:  # noqa: FBT001
    body = vote.body if vote else None
    word = body.recommendation or "abstains" if isinstance(body, kinds.VoteCast) else ""
    return VoteLine(trial.people.name_of(member), vote, word, left=gone and vote is None)


def _subject(subject: PacketSubject, cut_off: datetime | None) -> SubjectPage:
    adverse = [
        (line, tuple(show_clock(clock, cut_off) for clock in line.clocks) if cut_off else ())
        for line in subject.adverse
    ]
    return SubjectPage(subject, tuple(plot_series(series) for series in subject.vital_signs), tuple(adverse))


def plot_series(series: VitalSeries) -> Plot:
    """A series as a plot: evenly spaced in the order taken, for few values lie far apart in time."""
    values = [point.value for point in series.points]
    low, high = min(values), max(values)
    span, step = high - low or 1, (WIDTH - LEFT - 10) / max(len(values) - 1, 1)
    dots, days = list[Dot](), list[tuple[int, str]]()
    for n, point in enumerate(series.points):
        x = round(LEFT + n * step)
        y = round(TOP + float((high - point.value) / span) * (HEIGHT - TOP - BOTTOM))
        words = f"{point.visit}, {point.taken:%Y-%m-%d %H:%M}: {point.value} {series.field.unit}"
        dots.append(Dot(x, y, words))
        if n == 0 or point.visit != series.points[n - 1].visit:
            days.append((x, point.visit[:12]))
    summary = f"{len(values)} values from {low} to {high} {series.field.unit}"
    return Plot(series.field.label, series.field.unit, str(low), str(high), tuple(dots), tuple(days), summary)
