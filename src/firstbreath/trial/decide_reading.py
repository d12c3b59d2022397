"""Acts on scans and reads that need to know of people and subjects."""

from datetime import date
from typing import TYPE_CHECKING

from firstbreath.events.decisions import Decision, Reason, Refused
from firstbreath.protocol.values import Charter, Protocol
from firstbreath.reading.asked import AskedOf
from firstbreath.reading.commands import (
    AdjudicateScan,
    AgreeConsensus,
    DraftRead,
    DrawReadingOrder,
    FileScan,
    JudgeMask,
    PassScan,
    ProposeConsensus,
    RejectScan,
    ReplaceReader,
    SignRead,
)
from firstbreath.reading.decide import decide_reading
from firstbreath.subjects.codes import shown_code
from firstbreath.trial.commands import ReadingCommand
from firstbreath.trial.state import Trial

if TYPE_CHECKING:
    from firstbreath.trial.decide import Asked

READER = "radiologist"
BLIND = (DraftRead, SignRead, ProposeConsensus, AgreeConsensus, AdjudicateScan)
"""Acts of readers: whoever does them has no other role."""


def decide_of_reading(trial: Trial, protocol: Protocol, command: ReadingCommand, asked: "Asked") -> Decision:
    """Allowed with an event, or refused with reasons."""
    if isinstance(command, FileScan) and trial.subjects.get(command.subject) is None:
        text = f"Subject {shown_code(command.subject)} is not known."
        return Refused((Reason("SUBJ-001", text, "Screen the subject first."),))
    if isinstance(command, BLIND) and not is_blind(trial, asked.actor, asked.at.date()):
        text = f"{asked.actor} has another role in this trial, so is not blind to what is read."
        return Refused((Reason("READ-026", text, "Let somebody read who has no other role."),))
    draws = isinstance(command, DrawReadingOrder | ReplaceReader)
    about = AskedOf(
        actor=asked.actor,
        role=asked.role,
        name=trial.people.name_of(asked.actor),
        reason=asked.reason,
        readers=able_readers(trial, asked.at.date()) if draws else frozenset(),
    )
    return decide_reading(trial.reading, protocol.charter, command, about)


SCORING = (
    *("segments", "scores", "readers", "agreement", "differs_by", "differs_in_form", "lesion_forms", "lesion_shapes"),
    *("several_lesions", "across_segments", "close_scores"),
)
"""What a read means; windows, kernels and the order of later draws may change."""


def changed_scoring(old: Charter | None, new: Charter | None) -> list[str]:
    """What an amendment would change of how scans that are in readers' lists are scored and settled."""
    if old is None or new is None:
        return [] if old is new else ["charter"]
    return [name for name in SCORING if _meant(old, name) != _meant(new, name)]


def lost_visits(trial: Trial, new: Charter | None) -> list[str]:
    """The visits of filed scans that an amendment would no longer read."""
    filed = {scan.body.visit for scan in trial.reading.all_scans() if scan.rejected is None}
    return [f"visit {visit}" for visit in sorted(filed - {*(new.visits if new else ())})]


def _meant(charter: Charter, name: str) -> object:
    """A part of the charter without its sources and notes."""
    match name:
        case "segments":
            return [(each.id, each.side) for each in charter.segments]
        case "scores":
            limits = ("points", "from_mm", "below_mm", "from_percent", "below_percent", "size")
            return [[getattr(each, name) for name in limits] for each in charter.scores]
    return getattr(charter, name)


def is_blind(trial: Trial, actor: str, on: date) -> bool:
    """Whether somebody reads and never did anything else in the trial: what was seen is not forgotten."""
    account = trial.people.get(actor)
    return account is None or ({*account.roles(on)} <= {READER} and account.held <= {READER})


def able_readers(trial: Trial, on: date) -> frozenset[str]:
    """Who may read on a date: blind, with an open account."""
    return frozenset(each for each in trial.people.members(READER, on) if is_blind(trial, each, on))


def unable_readers(trial: Trial, on: date) -> list[str]:
    """Who hold a place and cannot read any more, before the reads are final: somebody has to follow them."""
    able = able_readers(trial, on)
    return [] if trial.reading.unblinded else [each for each in trial.reading.holders() if each not in able]


def site_of_reading(trial: Trial, command: ReadingCommand) -> str:
    """The site of the patient whose scan an act names; empty for what readers do, who work for every site."""
    if isinstance(command, PassScan | RejectScan | JudgeMask):
        scan = trial.reading.scans.get(command.scan)
        subject = trial.subjects.get(scan.subject) if scan else None
        return subject.site if subject else ""
    return ""
