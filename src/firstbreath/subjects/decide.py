"""Whether an act on a subject may happen, from this slice of the state and the protocol alone."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from firstbreath.events import kinds
from firstbreath.events.decisions import Allowed, Decision, Reason, Refused
from firstbreath.protocol.values import Form, Protocol
from firstbreath.subjects import commands
from firstbreath.subjects.codes import is_code, shown_code
from firstbreath.subjects.consent import decide_consent, decide_withdrawal
from firstbreath.subjects.doses import decide_dose, decide_missed
from firstbreath.subjects.forms import UNSCHEDULED, check_entries, lacking_fields
from firstbreath.subjects.inhalation import decide_seen, decide_start, decide_step
from firstbreath.subjects.records import (
    decide_freezing,
    decide_query_opening,
    decide_query_step,
    decide_strike,
    decide_verification,
)
from firstbreath.subjects.state import Subject, Subjects

HANDLING = (
    commands.OpenQuery,
    commands.AnswerQuery,
    commands.CloseQuery,
    commands.ReopenQuery,
    commands.VerifySource,
    commands.SignRecords,
    commands.FreezeSubject,
    commands.UnfreezeSubject,
)
"""What is done with records that are written, and adds none about the subject."""

WAYS_TO_END = ("completed", "discharged", "withdrawn", "lost", "died", "screen_failure")


AFTER_THE_END = (
    commands.CorrectForm,
    commands.RecordForm,
    commands.RecordDeviation,
    commands.WithdrawConsent,
    commands.StrikeEntry,
    commands.SeeInhalationEvent,
    *HANDLING,
)
"""What may still be done for a subject who has left the trial."""


def decide_subjects(state: Subjects, command: commands.Command, protocol: Protocol, *, reason: str = "") -> Decision:
    """Allowed with the events it leads to, refused with every reason, or unknown with what is missing.

    reason  why the actor asks, for the acts that need one (corrections, missed and interrupted doses)
    """
    subject = state.get(getattr(command, "subject", ""))
    if isinstance(command, commands.OpenScreening):
        return _decide_screening(subject, command, protocol)
    if subject is None:
        text = f"Subject {shown_code(getattr(command, 'subject', ''))} is not known."
        return Refused((Reason("SUBJ-001", text, "Open screening first, or correct the code."),))
    if subject.ended and not isinstance(command, AFTER_THE_END):
        text = f"Subject {subject.code} has left the trial."
        return Refused((Reason("SUBJ-002", text, "Record a deviation if something happened all the same."),))
    if subject.frozen and not isinstance(command, HANDLING):
        text = f"The records of {subject.code} are frozen (event {subject.frozen.seq})."
        return Refused((Reason("FREEZE-005", text, "Ask data management to lift it."),))
    return _DECIDE[type(command)](subject, command, protocol, reason)


def _decide_screening(subject: Subject | None, command: commands.OpenScreening, protocol: Protocol) -> Decision:
    if subject is not None:
        text = f"Subject code {command.subject} is taken."
        return Refused((Reason("SUBJ-003", text, "Use the next free code."),))
    if not is_code(command.subject):
        text = "What was given is not a subject code."
        fix = "Use letters, digits and hyphens, at most 20; never a name or a date of birth."
        return Refused((Reason("SUBJ-004", text, fix),))
    sites = protocol.design.trial.sites
    if command.site and sites and command.site not in sites:
        text = f"The trial has no site {command.site[:80]!r}."
        return Refused((Reason("SUBJ-007", text, f"Use one of: {', '.join(sites)}."),))
    return Allowed((kinds.ScreeningOpened(command.site),))


def _decide_record(subject: Subject, command: commands.RecordForm, protocol: Protocol, _reason: str) -> Decision:
    form = protocol.form(command.form)
    if form is None:
        return Refused((Reason("FORM-005", f"There is no form {command.form!r}.", "Name a form of the protocol."),))
    command = _with_number(subject, command, form)
    reasons = check_entries(protocol, command.form, command.values, command.absent)
    if command.visit != UNSCHEDULED and protocol.visit(command.visit) is None:
        reasons.append(Reason("FORM-006", f"There is no visit {command.visit!r}.", f'Use "{UNSCHEDULED}".'))
    if (command.form, command.visit, command.repeat) in subject.forms:
        text = f"Form {command.form} is recorded at {command.visit} already (record {command.repeat})."
        reasons.append(Reason("FORM-007", text, "Correct that record, or use the next number of a repeating form."))
    if command.repeat < 1 or (command.repeat > 1 and not form.repeats):
        text = f"Form {command.form} has no record {command.repeat} at a visit."
        reasons.append(Reason("FORM-008", text, "Only repeating forms have more than one."))
    answered = command.values.keys() | command.absent.keys()
    lacking = lacking_fields(form, answered)
    if lacking:
        fix = "Enter them, or say why each is absent."
        reasons.append(Reason("FORM-009", f"Required: {', '.join(lacking)}.", fix))
    if reasons:
        return Refused(tuple(reasons))
    recorded = kinds.FormRecorded(command.form, command.visit, command.values, command.absent, command.repeat)
    return Allowed((recorded,))


def _with_number(subject: Subject, command: commands.RecordForm, form: Form) -> commands.RecordForm:
    """The record under its number: the next free one of a repeating form when it was left to be found."""
    if command.repeat != 0 or not form.repeats:
        return command
    taken = [repeat for name, visit, repeat in subject.forms if (name, visit) == (command.form, command.visit)]
    return replace(command, repeat=max(taken, default=0) + 1)


def _decide_correction(subject: Subject, command: commands.CorrectForm, protocol: Protocol, reason: str) -> Decision:
    versions = subject.forms.get((command.form, command.visit, command.repeat))
    if versions is None:
        text = f"Form {command.form} is not recorded at {command.visit} (record {command.repeat})."
        return Refused((Reason("FORM-010", text, "Record it first."),))
    reasons = check_entries(protocol, command.form, command.values, command.absent)
    if command.seen and command.seen != versions[-1].seq:
        text = f"{versions[-1].actor} corrected this record meanwhile (event {versions[-1].seq})."
        reasons.append(Reason("FORM-013", text, "Look at it again, then correct it."))
    if not reason.strip():
        reasons.append(Reason("FORM-011", "A correction needs a reason.", "Say why the value changes."))
    if not command.values and not command.absent:
        reasons.append(Reason("FORM-012", "The correction changes nothing.", "Name the fields to change."))
    if reasons:
        return Refused(tuple(reasons))
    corrected = kinds.FormCorrected(
        versions[-1].seq, command.form, command.visit, command.values, command.absent, command.repeat
    )
    return Allowed((corrected,))


def _decide_attestation(
    _subject: Subject, command: commands.AttestEligibility, protocol: Protocol, _reason: str
) -> Decision:
    judged = {criterion.id: criterion.text for criterion in protocol.design.criteria if criterion.judged}
    wrong = sorted(command.criteria.keys() - judged.keys())
    if wrong or not command.criteria:
        text = f"Not left to judgement: {', '.join(wrong) or 'no criterion was named'}."
        return Refused((Reason("ELIG-001", text, "Attest criteria that the protocol marks as judged."),))
    asked = {criterion: judged[criterion] for criterion in command.criteria}
    return Allowed((kinds.EligibilityAttested(command.criteria, asked),))


def _decide_deviation(
    _subject: Subject, command: commands.RecordDeviation, _protocol: Protocol, _reason: str
) -> Decision:
    if not command.text.strip():
        return Refused((Reason("DEV-001", "The deviation has no text.", "Say what departed from the protocol."),))
    return Allowed((kinds.DeviationRecorded(command.category, command.text),))


def _decide_end(subject: Subject, command: commands.EndParticipation, _protocol: Protocol, _reason: str) -> Decision:
    if command.how not in WAYS_TO_END:
        text = f"{command.how!r} is no way to leave the trial."
        return Refused((Reason("SUBJ-005", text, f"Use one of: {', '.join(WAYS_TO_END)}."),))
    if command.how == "screen_failure" and subject.enrolled:
        text = f"Subject {subject.code} is enrolled, and cannot be a screen failure."
        return Refused((Reason("SUBJ-006", text, "Say how the subject left the trial."),))
    return Allowed((kinds.ParticipationEnded(command.how),))


_DECIDE: Mapping[type[Any], Callable[[Subject, Any, Protocol, str], Decision]] = {
    commands.RecordForm: _decide_record,
    commands.CorrectForm: _decide_correction,
    commands.AttestEligibility: _decide_attestation,
    commands.SignConsent: decide_consent,
    commands.WithdrawConsent: decide_withdrawal,
    commands.GiveDose: decide_dose,
    commands.InterruptDose: decide_dose,
    commands.MissDose: decide_missed,
    commands.RecordDeviation: _decide_deviation,
    commands.EndParticipation: _decide_end,
    commands.StartInhalation: decide_start,
    commands.PauseInhalation: decide_step,
    commands.ResumeInhalation: decide_step,
    commands.StopInhalation: decide_step,
    commands.SeeInhalationEvent: decide_seen,
    commands.StrikeEntry: decide_strike,
    commands.OpenQuery: decide_query_opening,
    commands.AnswerQuery: decide_query_step,
    commands.CloseQuery: decide_query_step,
    commands.ReopenQuery: decide_query_step,
    commands.VerifySource: decide_verification,
    commands.FreezeSubject: decide_freezing,
    commands.UnfreezeSubject: decide_freezing,
}
