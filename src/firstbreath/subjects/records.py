"""What may be done with records once they are written: strike out, query, verify, sign, freeze."""

from collections.abc import Collection, Sequence
from typing import Literal

from firstbreath.events import kinds
from firstbreath.events.chain import digest_of
from firstbreath.events.decisions import Allowed, Decision, Reason, Refused
from firstbreath.protocol.values import Protocol
from firstbreath.subjects import commands
from firstbreath.subjects.forms import UNSCHEDULED
from firstbreath.subjects.state import INHALATION_KINDS, Subject

STRIKABLE = (
    kinds.FormRecorded,
    kinds.FormCorrected,
    kinds.DoseGiven,
    kinds.DoseInterrupted,
    kinds.DoseMissed,
    kinds.ConsentSigned,
    kinds.ConsentWithdrawn,
    kinds.EligibilityAttested,
    kinds.DeviationRecorded,
    kinds.ParticipationEnded,
    *INHALATION_KINDS,
)
"""What can have been entered in error; screening and enrolment number people, and stay."""
QueryState = Literal["open", "answered", "closed"]
_STATES: dict[type[kinds.Kind], QueryState] = {
    kinds.QueryOpened: "open",
    kinds.QueryReopened: "open",
    kinds.QueryAnswered: "answered",
    kinds.QueryClosed: "closed",
}


def decide_strike(subject: Subject, command: commands.StrikeEntry, _protocol: Protocol, reason: str) -> Decision:
    """Allowed for an entry of this subject that counts now, with a reason; of doses, the last one only."""
    reasons = []
    wrong = subject.events().get(command.corrects)
    if wrong is None or not isinstance(wrong.body, STRIKABLE):
        text = f"Event {command.corrects} is no entry of {subject.code} that can be struck out."
        reasons.append(Reason("STRIKE-001", text, "Name an entry that counts now."))
    elif isinstance(wrong.body, kinds.DoseGiven | kinds.DoseInterrupted | kinds.DoseMissed):
        later = [day for day in subject.doses if day > wrong.body.day]
        if later:
            text = f"The dose of day {min(later)} is recorded after it."
            reasons.append(Reason("STRIKE-002", text, "Strike out the last dose first."))
    if not reason.strip():
        reasons.append(Reason("STRIKE-003", "Striking out needs a reason.", "Say what was wrong."))
    return Refused(tuple(reasons)) if reasons else Allowed((kinds.EntryStruck(command.corrects),))


def query_state(subject: Subject, query: int) -> QueryState | None:
    """Whether a query is open, answered or closed; None when there is none of that number."""
    said = subject.queries.get(query)
    return _STATES[type(said[-1].body)] if said else None


def open_queries(subject: Subject) -> tuple[int, ...]:
    """The numbers of the queries that are not closed."""
    return tuple(sorted(query for query in subject.queries if query_state(subject, query) != "closed"))


def decide_query_opening(subject: Subject, command: commands.OpenQuery, protocol: Protocol, _reason: str) -> Decision:
    """Allowed for a field of a form at a visit of the protocol, with a question."""
    form = protocol.form(command.form)
    reasons = []
    if form is None or command.field not in {field.id for field in form.fields}:
        text = f"There is no field {command.field[:40]!r} on a form {command.form[:40]!r}."
        reasons.append(Reason("QUERY-001", text, "Name a field of the protocol."))
    if command.visit != UNSCHEDULED and protocol.visit(command.visit) is None:
        reasons.append(Reason("FORM-006", f"There is no visit {command.visit!r}.", f'Use "{UNSCHEDULED}".'))
    if command.check and command.form not in [check.form for check in protocol.checks if check.id == command.check]:
        text = f"There is no check {command.check[:40]!r} of form {command.form[:40]!r}."
        reasons.append(Reason("QUERY-004", text, "Name a check of the protocol, or none."))
    reasons += _without_words(command.text)
    if reasons:
        return Refused(tuple(reasons))
    opened = kinds.QueryOpened(
        query=max(subject.queries, default=0) + 1,
        form=command.form,
        visit=command.visit,
        field=command.field,
        text=command.text.strip(),
        repeat=command.repeat,
        origin="edit check" if command.check else "data management",
        check=command.check,
    )
    return Allowed((opened,))


def decide_query_step(
    subject: Subject,
    command: commands.AnswerQuery | commands.CloseQuery | commands.ReopenQuery,
    _protocol: Protocol,
    _reason: str,
) -> Decision:
    """Allowed from the state the step begins in: open ones are answered, open and answered closed, others reopened."""
    begins: dict[type[commands.Command], tuple[QueryState, ...]] = {
        commands.AnswerQuery: ("open",),
        commands.CloseQuery: ("open", "answered"),
        commands.ReopenQuery: ("answered", "closed"),
    }
    state = query_state(subject, command.query)
    reasons = []
    if state not in begins[type(command)]:
        text = f"Query {command.query} of {subject.code} is {state or 'not there'}."
        reasons.append(Reason("QUERY-002", text, "Look at its present state."))
    if not isinstance(command, commands.CloseQuery):
        reasons += _without_words(command.text)
    if reasons:
        return Refused(tuple(reasons))
    match command:
        case commands.AnswerQuery():
            return Allowed((kinds.QueryAnswered(command.query, command.text.strip()),))
        case commands.CloseQuery():
            return Allowed((kinds.QueryClosed(command.query, command.text.strip()),))
    return Allowed((kinds.QueryReopened(command.query, command.text.strip()),))


def _without_words(text: str) -> list[Reason]:
    return [] if text.strip() else [Reason("QUERY-003", "Nothing was said.", "Write a sentence.")]


def decide_verification(
    subject: Subject, command: commands.VerifySource, _protocol: Protocol, _reason: str, *, also: Collection[int] = ()
) -> Decision:
    """Allowed for events of the subject that count now.

    also  events of other slices that count now, such as adverse events
    """
    reasons = reasons_against_events(subject, command.seqs, also)
    return Refused(reasons) if reasons else Allowed((kinds.SourceVerified(command.seqs),))


def decide_signature(
    subject: Subject, command: commands.SignRecords, *, name: str, hashes: Sequence[bytes], also: Collection[int] = ()
) -> Decision:
    """Allowed for events of the subject that count now; the signature holds the digest of exactly these.

    name    the printed name of the signer
    hashes  the chain hash of each event of the log, the first for place 0
    also    events of other slices that count now, such as adverse events
    """
    reasons = reasons_against_events(subject, command.seqs, also) or _reasons_against_approval(subject, command)
    if reasons:
        return Refused(reasons)
    digest = digest_of([(seq, hashes[seq]) for seq in command.seqs])
    return Allowed((kinds.RecordsSigned(command.seqs, command.meaning, digest, name),))


def _reasons_against_approval(subject: Subject, command: commands.SignRecords) -> tuple[Reason, ...]:
    """Nobody approves, or takes responsibility for, a record on which a question is still open."""
    if command.meaning not in ("approval", "responsibility"):
        return ()
    signed = {key for key, versions in subject.forms.items() if any(event.seq in command.seqs for event in versions)}
    waiting = [
        str(number)
        for number in open_queries(subject)
        if isinstance(body := subject.queries[number][0].body, kinds.QueryOpened)
        and (body.form, body.visit, body.repeat) in signed
    ]
    if not waiting:
        return ()
    text = f"Queries on these records of {subject.code} are not closed: {', '.join(waiting)}."
    return (Reason("SIGN-002", text, "Answer and close them first, or sign as review."),)


def reasons_against_events(subject: Subject, seqs: Sequence[int], also: Collection[int] = ()) -> tuple[Reason, ...]:
    """Why these numbers are not all events of the subject that count now, each named once."""
    known = {*subject.events(), *also}
    strange = [str(seq) for seq in seqs if seq not in known]
    if strange or not seqs or len({*seqs}) != len(seqs):
        text = f"Not entries of {subject.code} that count now: {', '.join(strange) or 'none, or one twice'}."
        return (Reason("SIGN-001", text, "Look at the records again: somebody may have changed them."),)
    return ()


def decide_freezing(
    subject: Subject, command: commands.FreezeSubject | commands.UnfreezeSubject, _protocol: Protocol, reason: str
) -> Decision:
    """Freezing needs closed queries; lifting it needs a reason."""
    if isinstance(command, commands.FreezeSubject):
        waiting = open_queries(subject)
        if subject.frozen:
            return Refused((Reason("FREEZE-001", f"{subject.code} is frozen already.", "There is nothing to do."),))
        if waiting:
            text = f"Queries of {subject.code} are not closed: {', '.join(map(str, waiting))}."
            return Refused((Reason("FREEZE-002", text, "Close them first."),))
        return Allowed((kinds.SubjectFrozen(),))
    if not subject.frozen:
        return Refused((Reason("FREEZE-003", f"{subject.code} is not frozen.", "There is nothing to do."),))
    if not reason.strip():
        return Refused((Reason("FREEZE-004", "Lifting it needs a reason.", "Say why."),))
    return Allowed((kinds.SubjectUnfrozen(),))
