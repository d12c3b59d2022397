"""Enrolment behind its gates, deviations, and the end of a participation."""

from django.http import HttpResponse

from firstbreath.subjects.commands import EndParticipation, EnrolSubject, RecordDeviation
from firstbreath.subjects.decide import WAYS_TO_END
from firstbreath.trial.arms import offered_arm
from firstbreath.trial.gates import enrolment_gate, subject_gate
from firstbreath.web.act import Outcome
from firstbreath.web.pages.words import render_kind
from firstbreath.web.subject.case import Case, do_act, go_on, render_case, subject_page

CATEGORIES = ("dose", "visit", "eligibility", "consent", "procedure", "product", "other")
"""What a deviation can be about."""
SCREEN_FAILURE = "screen_failure"
MAX_TEXT = 10_000


@subject_page("enrol_subject")
def enrol_subject(case: Case) -> HttpResponse:
    """The gates with every reason, and the act once they are open. Of two who enrol at once, one is refused."""
    trial = case.moment.trial
    outcome = Outcome()
    if case.request.method == "POST":
        arm = case.request.POST.get("arm", "")[:100]
        outcome = do_act(case, EnrolSubject(subject=case.code, arm=arm), form="enrolment")
        if outcome.done:
            return go_on(case, outcome)
    gates = (
        ("Enrolment into the trial", enrolment_gate(trial)),
        (f"Enrolment of {case.code}", subject_gate(trial, case.subject)),
    )
    return render_case(
        case,
        "subject/enrol",
        gates=gates,
        ready=all(gate.open for _, gate in gates),
        arm=offered_arm(trial, case.protocol),
        number=len(trial.subjects.enrolled) + 1,
        reasons=outcome.reasons,
        status=outcome.status,
    )


@subject_page("record_deviation")
def record_deviation(case: Case) -> HttpResponse:
    """Record a departure from the protocol."""
    sent, outcome = case.request.POST, Outcome()
    if case.request.method == "POST":
        command = RecordDeviation(
            subject=case.code, category=sent.get("category", "")[:40] or "other", text=sent.get("text", "")[:MAX_TEXT]
        )
        outcome = do_act(case, command, form="deviation")
        if outcome.done:
            return go_on(case, outcome)
    said = {"category": sent.get("category", ""), "text": sent.get("text", "")[:MAX_TEXT]}
    return render_case(
        case, "subject/deviation", categories=CATEGORIES, said=said, reasons=outcome.reasons, status=outcome.status
    )


@subject_page("end_participation")
def end_participation(case: Case) -> HttpResponse:
    """Record how the subject left the trial: a screen failure before enrolment, otherwise any other way."""
    sent, outcome = case.request.POST, Outcome()
    if case.request.method == "POST":
        command = EndParticipation(subject=case.code, how=sent.get("how", "")[:40])
        outcome = do_act(case, command, form="end of participation")
        if outcome.done:
            return go_on(case, outcome)
    enrolled = case.subject.enrolled is not None
    ways = [way for way in WAYS_TO_END if way != SCREEN_FAILURE] if enrolled else [SCREEN_FAILURE, "withdrawn", "died"]
    return render_case(
        case,
        "subject/end",
        ways=[(way, render_kind(way)) for way in ways],
        how=sent.get("how", "") or ("" if enrolled else SCREEN_FAILURE),
        reasons=outcome.reasons,
        status=outcome.status,
    )
