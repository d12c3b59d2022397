"""The views of adverse events: listed, reported, revised, sent on, told as a narrative."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from firstbreath.events.decisions import Reason
from firstbreath.safety.clocks import facts_of
from firstbreath.safety.commands import ForwardSeriousEvent, ReportAdverseEvent, ReviseAdverseEvent
from firstbreath.trial.commands import AnyCommand
from firstbreath.trial.laboratory import LaboratoryValue, compute_laboratory
from firstbreath.trial.narrative import draft_narrative, render_draft
from firstbreath.web.act import Outcome, parse_command, see_other
from firstbreath.web.clock import parse_local
from firstbreath.web.errors import page
from firstbreath.web.frame import Absent, render_page
from firstbreath.web.moment import read_moment
from firstbreath.web.records.reading import number_of, site_filter, subject_of
from firstbreath.web.safety.adverse_form import AdverseForm, compute_form, parse_facts, prefill, stands_of
from firstbreath.web.safety.adverse_list import compute_adverse_list, compute_adverse_page, compute_clock_list
from firstbreath.web.safety.reading import time_shown
from firstbreath.web.subject.case import Case, default_time, do_act, render_case, subject_page

TIMES = ("onset", "ended", "aware")


@page("see_safety")
def show_adverse_events(request: HttpRequest) -> HttpResponse:
    """The adverse events of the trial, or of one subject."""
    moment, asked = read_moment(request), request.GET.get("subject", "")
    sees = site_filter(request)
    lines = compute_adverse_list(moment.trial, time_shown(request, moment), sees_site=sees, subject=asked)
    codes = [subject.code for subject in moment.trial.subjects.all() if sees(subject.site)]
    return render_page(
        request, "safety/adverse_events", moment, lines=lines, asked=asked, codes=codes, kept={"subject": asked}
    )


@page("see_safety")
def show_clocks(request: HttpRequest) -> HttpResponse:
    """The clocks of every serious adverse event, the most urgent first."""
    moment = read_moment(request)
    lines = compute_clock_list(moment.trial, time_shown(request, moment), sees_site=site_filter(request))
    return render_page(request, "safety/clocks", moment, lines=lines)


@page("see_safety")
def show_adverse_event(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One adverse event: its facts, clocks, versions."""
    moment = read_moment(request)
    subject = subject_of(request, moment, code)
    shown = compute_adverse_page(moment.trial, subject, number, time_shown(request, moment))
    if shown is None:
        raise Absent(moment, f"{code[:20]} has no adverse event {number}.")
    return render_page(request, "safety/adverse_event", moment, shown=shown, subject=subject)


@subject_page("report_adverse_event")
def report_event(case: Case) -> HttpResponse:
    """Report an adverse event; an inhalation or a laboratory value may have filled in what it knows."""
    asked = case.request.GET.dict()
    value = _laboratory_value(case, asked.get("laboratory", ""))
    if case.request.method != "POST":
        stands = prefill(case.protocol, asked, value, now=default_time(case))
        return _render_form(case, compute_form(case.protocol, stands, graded_by=_graded_by(value)))
    outcome = _act(case, ReportAdverseEvent, form="adverse event")
    if outcome.done:
        body = facts_of(outcome.events[0])
        return see_other(reverse("adverse-event", args=[case.code, body.number]))
    return _render_form(case, _as_sent(case), outcome=outcome)


@subject_page("revise_adverse_event")
def revise_event(case: Case, number: int) -> HttpResponse:
    """Revise an adverse event: all facts anew, with what changed in view afterwards."""
    versions = _versions(case, number)
    last = versions[-1]
    if case.request.method != "POST":
        return _render_form(case, compute_form(case.protocol, stands_of(facts_of(last))), last=last, number=number)
    seen = number_of(case.request.POST.get("seen", ""))
    outcome = _act(case, ReviseAdverseEvent, form="revision of an adverse event", number=number, seen=seen)
    if outcome.done:
        return see_other(reverse("adverse-event", args=[case.code, number]))
    return _render_form(case, _as_sent(case), outcome=outcome, last=last, number=number)


@subject_page("revise_adverse_event")
def write_narrative(case: Case, number: int) -> HttpResponse:
    """The narrative, drafted from the log; what is edited is saved as a revision."""
    last = _versions(case, number)[-1]
    facts, draft = facts_of(last), draft_narrative(case.moment.trial, case.code, number)
    sent, outcome = case.request.POST, Outcome()
    if case.request.method == "POST":
        text = sent.get("narrative", "").replace("\r\n", "\n").strip()
        told = {name: getattr(facts, name) for name in facts.__struct_fields__}
        seen = number_of(sent.get("seen", ""))
        command = parse_command(ReviseAdverseEvent, subject=case.code, seen=seen, **told | {"narrative": text})
        outcome = do_act(case, command, form="narrative")
        if outcome.done:
            return see_other(reverse("adverse-event", args=[case.code, number]))
    text = sent.get("narrative", facts.narrative or render_draft(draft))
    context: dict[str, Any] = {"draft": draft, "facts": facts, "text": text, "last": last, "number": number}
    return render_case(case, "safety/narrative", **context, reasons=outcome.reasons, status=outcome.status)


@subject_page("forward_serious_event")
def forward_event(case: Case, number: int) -> HttpResponse:
    """Record that a serious adverse event was sent on; it stops the clock."""
    back = reverse("adverse-event", args=[case.code, number])
    if case.request.method != "POST":
        return see_other(back)
    to = case.request.POST.get("to", "")
    outcome = do_act(
        case, parse_command(ForwardSeriousEvent, subject=case.code, number=number, to=to), form="serious event"
    )
    if outcome.done:
        return see_other(back)
    trial = case.moment.trial
    shown = compute_adverse_page(trial, case.subject, number, time_shown(case.request, case.moment))
    if shown is None:
        raise Absent(case.moment, f"{case.code} has no adverse event {number}.")
    context: dict[str, Any] = {"shown": shown, "subject": case.subject}
    return render_case(case, "safety/adverse_event", **context, reasons=outcome.reasons, status=outcome.status)


def _versions(case: Case, number: int) -> Any:
    versions = case.moment.trial.safety.adverse.get((case.code, number))
    if not versions:
        raise Absent(case.moment, f"{case.code} has no adverse event {number}.")
    return versions


def _act(case: Case, act: type[Any], *, form: str, **also: int) -> Outcome:
    """Ask for the act with the facts of the form; those who may not judge leave every judgement out."""
    sent = case.request.POST
    facts = parse_facts(sent.dict(), serious=sent.getlist("serious"))
    command: AnyCommand | tuple[Reason, ...]
    try:
        times = {name: _time(case, sent.get(name, "")) for name in TIMES}
    except ValueError as wrong:
        command = (Reason("TIME-001", str(wrong), "Correct it."),)
    else:
        command = parse_command(act, subject=case.code, **also, **facts, **times)
    return do_act(case, command, form=form)


def _time(case: Case, text: str) -> str:
    """A time of the form: a day alone stays a day."""
    return (
        text.strip() if len(text.strip()) == len("2026-01-01") else parse_local(text, case.protocol, case.subject.site)
    )


def _as_sent(case: Case) -> AdverseForm:
    sent = case.request.POST
    stands: Mapping[str, Any] = sent.dict() | {"serious": tuple(sent.getlist("serious"))}
    return compute_form(case.protocol, stands)


def _render_form(
    case: Case, form: AdverseForm, *, outcome: Outcome | None = None, last: Any = None, number: int = 0
) -> HttpResponse:
    found = outcome or Outcome()
    judges = case.identity.may("revise_adverse_event", case.subject.site)
    context = {"form": form, "last": last, "number": number, "judges": judges, "reasons": found.reasons}
    return render_case(case, "safety/adverse_form", **context, status=found.status)


def _laboratory_value(case: Case, asked: str) -> LaboratoryValue | None:
    """The laboratory value that a report begins from: `field.event`, as the subject's page links it."""
    field, _, seq = asked.rpartition(".")
    values = compute_laboratory(case.moment.trial, case.subject, case.protocol)
    return next((v for v in values if v.field.id == field and v.event.seq == number_of(seq)), None)


def _graded_by(value: LaboratoryValue | None) -> str:
    worst = value.worst if value else None
    if value is None or worst is None:
        return ""
    limits = f"range {value.limits.words}" if value.limits else "no range is set"
    said = f"{value.field.label} {value.value} {value.field.unit}, {limits}: {worst.words} by CTCAE v5.0."
    return f"{said} {worst.why}".strip()
