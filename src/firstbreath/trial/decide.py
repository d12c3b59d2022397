"""State and command to decision: authority, the slice's own rules, then the gates that look across slices."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal

import msgspec

from firstbreath.events import kinds
from firstbreath.events.decisions import Allowed, Decision, Reason, Refused, Unknown
from firstbreath.events.record import Event
from firstbreath.people.authority import reasons_against_actor
from firstbreath.people.commands import MakeExport
from firstbreath.people.decide import decide_people
from firstbreath.protocol.findings import render_finding
from firstbreath.protocol.folder import parse_protocol
from firstbreath.protocol.values import Protocol
from firstbreath.protocol.zones import moment_of, zone_of
from firstbreath.subjects.codes import shown_code
from firstbreath.subjects.commands import (
    AttestEligibility,
    CorrectForm,
    EnrolSubject,
    GiveDose,
    InterruptDose,
    OpenQuery,
    RecordForm,
    SignConsent,
    SignRecords,
    StartInhalation,
    StrikeEntry,
    VerifySource,
)
from firstbreath.subjects.decide import HANDLING, decide_subjects
from firstbreath.subjects.eligibility import assess_eligibility
from firstbreath.subjects.inhalation import went_on_of, with_session
from firstbreath.subjects.records import decide_signature, decide_verification, open_queries
from firstbreath.subjects.session import ended, start_of
from firstbreath.subjects.state import apply_subject
from firstbreath.trial.arms import reasons_against_arm
from firstbreath.trial.commands import (
    AdoptProtocol,
    AmendProtocol,
    AnyCommand,
    FileConsentDocument,
    ImportFile,
    LockTrial,
    PeopleCommand,
    ProductCommand,
    ReadingCommand,
    SafetyCommand,
    SubjectCommand,
    TrialCommand,
    UnlockTrial,
    act_of,
)
from firstbreath.trial.decide_consent import decide_document, decide_signed_consent
from firstbreath.trial.decide_product import (
    decide_of_product,
    own_site,
    reasons_against_vials,
    site_of_product,
    vials_unused,
    vials_used,
)
from firstbreath.trial.decide_reading import changed_scoring, decide_of_reading, lost_visits, site_of_reading
from firstbreath.trial.decide_safety import decide_safety
from firstbreath.trial.due import reasons_against_date
from firstbreath.trial.gates import GateState, dosing_gate, enrolment_gate, join_gates, render_failure, subject_gate
from firstbreath.trial.state import Trial

QUERY_ORIGINS: Mapping[str, Literal["monitor", "safety"]] = {"monitor": "monitor", "safety_group": "safety"}
UNDER_LOCK = (PeopleCommand, UnlockTrial, LockTrial, *HANDLING)
"""What is possible while the database is locked: nothing that adds or changes data."""


class Asked(msgspec.Struct, frozen=True):
    """Who asks, as what, why, when (by the server's clock), on which chain hashes, and when it happened."""

    actor: str = ""
    role: str = ""
    reason: str = ""
    at: datetime = datetime.min.replace(tzinfo=UTC)
    hashes: Sequence[bytes] = ()
    occurred: str = ""


NOBODY = Asked()


def decide(trial: Trial, command: AnyCommand, asked: Asked = NOBODY) -> Decision:
    """Allowed with events, refused with reasons, or unknown with what is missing.

    Authority comes first: whoever may not ask learns nothing of how the trial stands.
    """
    if isinstance(command, AdoptProtocol):
        return _decide_adoption(trial, command)
    protocol = trial.protocol
    if protocol is None:
        return Refused((Reason("TRIAL-001", "The trial has not begun.", "Adopt a protocol first."),))
    against = reasons_against_asking(trial, command, asked)
    if against:
        return Refused(against)
    if trial.locked and not isinstance(command, UNDER_LOCK):
        text = f"The database of the trial is locked (event {trial.locked.seq})."
        return Refused((Reason("LOCK-001", text, "The sponsor can lift the lock."),))
    if isinstance(command, PeopleCommand):
        sites = protocol.design.trial.sites
        return decide_people(
            trial.people, command, actor=asked.actor, role=asked.role, reason=asked.reason, sites=sites
        )
    if isinstance(command, SafetyCommand):
        return decide_safety(trial, protocol, command, asked)
    if isinstance(command, ProductCommand):
        return decide_of_product(trial, protocol, command, asked)
    if isinstance(command, ReadingCommand):
        return decide_of_reading(trial, protocol, command, asked)
    if isinstance(command, TrialCommand):
        return _decide_trial(trial, protocol, command, asked)
    return _decide_subject(trial, protocol, command, asked)


def reasons_against_asking(trial: Trial, command: AnyCommand, asked: Asked) -> tuple[Reason, ...]:
    """Why this actor may not ask for this now, at the site of the subject concerned."""
    subject = trial.subjects.get(getattr(command, "subject", ""))
    site = subject.site if subject else getattr(command, "site", "")
    if isinstance(command, ProductCommand) and not site:
        site = site_of_product(trial, command) or own_site(trial, asked.actor, asked.role)
    if isinstance(command, ReadingCommand) and not site:
        site = site_of_reading(trial, command) or own_site(trial, asked.actor, asked.role)
    site = "" if isinstance(command, PeopleCommand) and not isinstance(command, MakeExport) else site
    return reasons_against_actor(
        trial.people, act_of(command), actor=asked.actor, role=asked.role, site=site, on=asked.at.date()
    )


def _decide_trial(
    trial: Trial,
    protocol: Protocol,
    command: AmendProtocol | FileConsentDocument | LockTrial | UnlockTrial | ImportFile,
    asked: Asked,
) -> Decision:
    match command:
        case AmendProtocol():
            return _decide_amendment(trial, protocol, command, reason=asked.reason)
        case ImportFile():
            counts = (command.rows, command.used, dict(command.left_out), dict(command.mapping))
            return Allowed((kinds.FileImported(command.name, command.digest, *counts),))
        case LockTrial():
            return _decide_lock(trial)
        case FileConsentDocument():
            return decide_document(trial, command)
    if not trial.locked:
        return Refused((Reason("LOCK-003", "The database is not locked.", "There is nothing to do."),))
    if not asked.reason.strip():
        return Refused((Reason("LOCK-004", "Lifting the lock needs a reason.", "Say why."),))
    return Allowed((kinds.TrialUnlocked(),))


def _decide_lock(trial: Trial) -> Decision:
    waiting = [subject.code for subject in trial.subjects.all() if open_queries(subject)]
    if trial.locked:
        return Refused((Reason("LOCK-002", "The database is locked already.", "There is nothing to do."),))
    if waiting:
        text = f"Queries are not closed: {', '.join(waiting)}."
        return Refused((Reason("LOCK-005", text, "Close them first."),))
    return Allowed((kinds.TrialLocked(),))


def _decide_subject(trial: Trial, protocol: Protocol, command: SubjectCommand, asked: Asked) -> Decision:
    match command:
        case EnrolSubject():
            return _decide_enrolment(trial, protocol, command)
        case GiveDose() | InterruptDose() | StartInhalation():
            return _decide_dosing(trial, protocol, command, asked)
        case SignConsent():
            return decide_signed_consent(trial, protocol, command, actor=asked.actor, on=asked.at.date())
        case SignRecords():
            subject = trial.subjects.get(command.subject)
            if subject:
                name, also = trial.people.name_of(asked.actor), _adverse_events(trial, command.subject)
                return decide_signature(subject, command, name=name, hashes=asked.hashes, also=also)
        case VerifySource():
            subject = trial.subjects.get(command.subject)
            if subject:
                also = _adverse_events(trial, command.subject)
                return decide_verification(subject, command, protocol, asked.reason, also=also)
    decision = decide_subjects(trial.subjects, command, protocol, reason=asked.reason)
    if isinstance(command, StrikeEntry) and isinstance(decision, Allowed):
        unused = vials_unused(trial, command.subject, command.corrects)
        decision = Allowed((*decision.events, *unused))
    if isinstance(command, RecordForm | CorrectForm | AttestEligibility | StrikeEntry):
        return _with_eligibility(trial, command, decision)
    return _from_asker(decision, asked.role) if isinstance(command, OpenQuery) else decision


def _adverse_events(trial: Trial, code: str) -> set[int]:
    """The numbers of the events that tell of a subject's adverse events: they are signed and verified as forms are."""
    return {event.seq for versions in trial.safety.adverse_events(code) for event in versions}


def _from_asker(decision: Decision, role: str) -> Decision:
    """A query says from whom it comes; one from an edit check says that already."""
    body = decision.events[0] if isinstance(decision, Allowed) else None
    if isinstance(body, kinds.QueryOpened) and body.origin != "edit check" and role in QUERY_ORIGINS:
        return Allowed((msgspec.structs.replace(body, origin=QUERY_ORIGINS[role]),))
    return decision


def _with_eligibility(
    trial: Trial, command: RecordForm | CorrectForm | AttestEligibility | StrikeEntry, decision: Decision
) -> Decision:
    """What is recorded of an enrolled subject is kept; that it fails a criterion is recorded as a deviation."""
    subject = trial.subjects.get(command.subject)
    protocol = trial.protocol_for(subject) if subject else None
    if not isinstance(decision, Allowed) or subject is None or protocol is None or not subject.enrolled:
        return decision
    at = subject.enrolled.at  # only the order of events matters here
    written = [Event(trial.seq + 1, at, "", "", body, subject=subject.code) for body in decision.events]
    failed = {found.criterion.id for found in assess_eligibility(subject, protocol) if found.passes is False}
    after = assess_eligibility(apply_subject(subject, written), protocol)
    news = tuple(
        kinds.DeviationRecorded("eligibility", render_failure(found, protocol))
        for found in after
        if found.passes is False and found.criterion.id not in failed
    )
    return Allowed((*decision.events, *news))


def _decide_adoption(trial: Trial, command: AdoptProtocol) -> Decision:
    if trial.seq:
        return Refused((Reason("TRIAL-002", "The trial has begun already.", "Amend its protocol instead."),))
    protocol, reasons = _read_protocol(command.files)
    if protocol is None:
        return Refused(reasons)
    return Allowed((kinds.ProtocolAdopted(protocol.digest, command.files, command.stamp, command.not_recorded),))


def _decide_amendment(trial: Trial, current: Protocol, command: AmendProtocol, *, reason: str) -> Decision:
    protocol, reasons = _read_protocol(command.files)
    if protocol is None:
        return Refused(reasons)
    if protocol.digest == current.digest:
        return Refused((Reason("TRIAL-003", "The folder is the one in force.", "Change it first."),))
    if protocol.design.trial.id != current.design.trial.id:
        text = f"The folder is of trial {protocol.design.trial.id}, this is {current.design.trial.id}."
        return Refused((Reason("TRIAL-004", text, "Amend with a folder of the same trial."),))
    members = {subject.arm for code in trial.subjects.enrolled if (subject := trial.subjects.get(code))}
    dropped = sorted(members - {arm.id for arm in protocol.design.arms})
    if dropped:
        text = f"Subjects are enrolled in {', '.join(dropped)}, which the folder no longer has."
        return Refused((Reason("TRIAL-006", text, "Keep the arms that have subjects."),))
    units = _changed_units(current, protocol)
    if units:
        text = f"The unit or type of {', '.join(units)} changes: recorded values would be read in another one."
        return Refused((Reason("TRIAL-007", text, "Add a new field beside the old one."),))
    scored = changed_scoring(current.charter, protocol.charter) if trial.reading.draws else []
    scored += lost_visits(trial, protocol.charter)
    if scored:
        text = f"Scans are read under the charter, and its {', '.join(scored)} would change."
        return Refused((Reason("TRIAL-008", text, "Keep these for the scans of this trial."),))
    if not reason.strip():
        return Refused((Reason("TRIAL-005", "An amendment needs a reason.", "Say why the protocol changes."),))
    return Allowed((kinds.ProtocolAmended(protocol.digest, command.files, command.summary),))


def _changed_units(old: Protocol, new: Protocol) -> list[str]:
    """Fields that keep their name and change what their values mean."""
    fields = {field.id: field for form in new.forms for field in form.fields}
    before = [field for form in old.forms for field in form.fields if field.id in fields]
    return [f.id for f in before if (f.unit, f.type) != (fields[f.id].unit, fields[f.id].type)]


def _read_protocol(files: Mapping[str, str]) -> tuple[Protocol | None, tuple[Reason, ...]]:
    protocol, findings = parse_protocol(files)
    reasons = tuple(Reason(finding.code, render_finding(finding), finding.fix) for finding in findings)
    return protocol, reasons


def _decide_enrolment(trial: Trial, protocol: Protocol, command: EnrolSubject) -> Decision:
    subject = trial.subjects.get(command.subject)
    if subject is None or subject.ended:
        word = "is not known" if subject is None else "has left the trial"
        text = f"Subject {shown_code(command.subject)} {word}."
        return Refused((Reason("SUBJ-001", text, "Screen the subject first."),))
    if subject.frozen:
        text = f"The records of {subject.code} are frozen (event {subject.frozen.seq})."
        return Refused((Reason("FREEZE-005", text, "Ask data management to lift it."),))
    wrong = reasons_against_arm(trial, protocol, command.arm)
    decision = _closed(enrolment_gate(trial), subject_gate(trial, subject), GateState(open=not wrong, reasons=wrong))
    return decision or Allowed((kinds.SubjectEnrolled(command.arm, len(trial.subjects.enrolled) + 1),))


def _decide_dosing(
    trial: Trial, protocol: Protocol, command: GiveDose | InterruptDose | StartInhalation, asked: Asked
) -> Decision:
    subject = trial.subjects.get(command.subject)
    over = asked.at
    if subject and not isinstance(command, StartInhalation):
        over = ended(asked.occurred, asked.at, zone_of(protocol, subject.site))
        command = with_session(subject, command, protocol, over=over)
    decision = decide_subjects(trial.subjects, command, protocol, reason=asked.reason)
    if not isinstance(decision, Allowed) or subject is None:
        return decision
    if isinstance(command, StartInhalation) and trial.people.by_id:
        begun = moment_of(asked.occurred, zone_of(protocol, subject.site)) or asked.at
        early = reasons_against_date(subject, protocol, command.day, begun)
        if early:
            return Refused(early)
    against = _against_vials(trial, protocol, command, asked)
    vials = GateState(open=not against, reasons=against)
    departures = went_on_of(subject, protocol, command.day, over=over) if isinstance(command, GiveDose) else ()
    used = vials_used(trial, command.vial, command.day) if isinstance(command, StartInhalation) else ()
    return _closed(dosing_gate(trial, subject), vials) or Allowed((*decision.events, *departures, *used))


def _against_vials(
    trial: Trial, protocol: Protocol, command: GiveDose | InterruptDose | StartInhalation, asked: Asked
) -> tuple[Reason, ...]:
    """Where vials are kept, an inhalation starts with scanned ones, and a dose is that of an inhalation started so."""
    if isinstance(command, StartInhalation):
        site = trial.subjects.by_code[command.subject].site
        now = moment_of(asked.occurred, zone_of(protocol, site)) or asked.at
        scanned, day = command.vial, command.day
        return reasons_against_vials(trial, protocol, scanned, subject=command.subject, day=day, now=now)
    if trial.product.tracked and start_of(trial.subjects.by_code[command.subject], command.day) is None:
        text = f"The inhalation of day {command.day} was not started, so no vial is known."
        return (Reason("VIAL-017", text, "Start it with the scanned vial."),)
    return ()


def _closed(*gates: GateState) -> Decision | None:
    """The refusal of gates of which one is closed, else the unknown of those of which one is unknown, else None."""
    gate = join_gates(gates)
    return None if gate.open else Unknown(gate.reasons) if gate.open is None else Refused(gate.reasons)
