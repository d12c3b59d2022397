"""Filling a form of the protocol at a visit, and correcting it."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from firstbreath.events.decisions import Reason
from firstbreath.events.record import Event
from firstbreath.protocol.values import Form
from firstbreath.subjects.commands import CorrectForm, RecordForm
from firstbreath.subjects.forms import UNSCHEDULED, Entered, check_each_entry, entered_fields, lacking_fields
from firstbreath.web.entry import changes_of, compute_inputs, emptied_fields, parse_sent
from firstbreath.web.errors import act_page
from firstbreath.web.frame import Absent
from firstbreath.web.moment import read_moment
from firstbreath.web.subject.case import Case, do_act, go_on, render_case, subject_page

REQUIRED = "Required: enter it, or say why there is no value."
EMPTIED = "This was recorded: enter a value, or say why there is none."


@subject_page("record_form")
def enter_form(case: Case, form: str, visit: str, repeat: int) -> HttpResponse:
    """Fill a form. What is recorded already is corrected instead."""
    asked = _find_form(case, form, visit)
    versions = case.subject.forms.get((form, visit, repeat))
    if case.request.method != "POST":
        if versions:
            return _show_correction(case, asked, visit=visit, repeat=repeat, versions=versions)
        return _show_entry(case, asked, visit=visit, repeat=repeat)
    values, absent = parse_sent(asked, case.request.POST)
    command = RecordForm(subject=case.code, form=form, visit=visit, values=values, absent=absent, repeat=repeat)
    outcome = do_act(case, command, form=f"form {form}")
    if outcome.done:
        return go_on(case, outcome)
    wrong = _wrong_entries(case, asked, values, absent) | dict.fromkeys(
        lacking_fields(asked, values.keys() | absent.keys()), REQUIRED
    )
    return _show_entry(
        case, asked, visit=visit, repeat=repeat, wrong=wrong, reasons=outcome.reasons, status=outcome.status
    )


@subject_page("correct_form")
def correct_form(case: Case, form: str, visit: str, repeat: int) -> HttpResponse:
    """Correct a form: the same inputs with what stands in them, and a reason."""
    asked = _find_form(case, form, visit)
    versions = case.subject.forms.get((form, visit, repeat))
    if not versions:
        raise Absent(case.moment, f"This form of {case.code} is not recorded at this visit.")
    if case.request.method != "POST":
        return _show_correction(case, asked, visit=visit, repeat=repeat, versions=versions)
    entered = entered_fields((form, visit, repeat), versions)
    sent = case.request.POST
    values, absent = changes_of(asked, entered, sent)
    command = CorrectForm(
        subject=case.code,
        form=form,
        visit=visit,
        values=values,
        absent=absent,
        repeat=repeat,
        seen=_number(sent.get("seen", "")),
    )
    all_values, all_absent = parse_sent(asked, sent)
    emptied = emptied_fields(_asked_for(asked, entered), all_values.keys() | all_absent.keys())
    labels = ", ".join(field.label for field in asked.fields if field.id in emptied)
    lost = (Reason("FORM-015", f"Emptied: {labels}.", EMPTIED),) if emptied else ()
    outcome = do_act(case, lost or command, form=f"correction of form {form}")
    if outcome.done:
        return go_on(case, outcome)
    wrong = _wrong_entries(case, asked, values, absent) | dict.fromkeys(emptied, EMPTIED)
    return _show_correction(
        case,
        asked,
        visit=visit,
        repeat=repeat,
        versions=versions,
        wrong=wrong,
        reasons=outcome.reasons,
        status=outcome.status,
    )


@act_page("record_form")
def check_form(request: HttpRequest, form: str) -> HttpResponse:
    """What is wrong with the entries of a form so far, by field; writes nothing."""
    moment = read_moment(request)
    protocol = moment.trial.protocol
    asked = protocol.form(form) if protocol else None
    if protocol is None or asked is None:
        raise Absent(moment, f"There is no form {form[:40]}.")
    found = check_each_entry(protocol, form, *parse_sent(asked, request.POST))
    return JsonResponse({name: reason.text for name, reason in reversed(found)})


def _find_form(case: Case, form: str, visit: str) -> Form:
    found = case.protocol.form(form)
    if found is None or (visit != UNSCHEDULED and case.protocol.visit(visit) is None):
        raise Absent(case.moment, "The protocol has no such form at such a visit.")
    return found


def _wrong_entries(case: Case, form: Form, values: Mapping[str, object], absent: Mapping[str, str]) -> dict[str, str]:
    found = check_each_entry(case.protocol, form.id, values, absent)  # type: ignore[arg-type]
    return {name: reason.text for name, reason in reversed(found)}


def _asked_for(form: Form, entered: Mapping[str, Entered]) -> dict[str, Entered]:
    """What is recorded of fields that the form in force still has."""
    return {field.id: entered[field.id] for field in form.fields if field.id in entered}


def _number(text: str) -> int:
    """A number that a page carried in a hidden field; one that nothing has when it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else -1


def _show_entry(
    case: Case,
    form: Form,
    *,
    visit: str,
    repeat: int,
    wrong: Mapping[str, str] | None = None,
    reasons: tuple[Reason, ...] = (),
    status: int = 200,
) -> HttpResponse:
    sent = case.request.POST if case.request.method == "POST" else None
    place = _place(case, form, visit=visit, repeat=repeat)
    inputs = compute_inputs(form, None, sent, wrong)
    return render_case(case, "subject/entry", inputs=inputs, reasons=reasons, status=status, **place)


def _show_correction(
    case: Case,
    form: Form,
    *,
    visit: str,
    repeat: int,
    versions: tuple[Event, ...],
    wrong: Mapping[str, str] | None = None,
    reasons: tuple[Reason, ...] = (),
    status: int = 200,
) -> HttpResponse:
    sent = case.request.POST if case.request.method == "POST" else None
    inputs = compute_inputs(form, entered_fields((form.id, visit, repeat), versions), sent, wrong)
    seen = sent.get("seen", "") if sent else versions[-1].seq
    place = _place(case, form, visit=visit, repeat=repeat) | {"seen": seen, "last": versions[-1]}
    place["action"] = reverse("correct-form", args=[case.code, form.id, visit, repeat])
    return render_case(case, "subject/entry", inputs=inputs, reasons=reasons, status=status, **place)


def _place(case: Case, form: Form, *, visit: str, repeat: int) -> dict[str, object]:
    """Where a form is filled: visit, number of the record, and the address of the next one where it repeats."""
    at = case.protocol.visit(visit)
    return {
        "form": form,
        "visit": at.label if at else "Outside the schedule",
        "repeat": repeat,
        "another": reverse("enter-form", args=[case.code, form.id, visit, next_repeat(case, form, visit)])
        if form.repeats
        else "",
        "action": reverse("enter-form", args=[case.code, form.id, visit, repeat]),
        "check": reverse("check-form", args=[form.id]),
        "last": None,
    }


def next_repeat(case: Case, form: Form, visit: str) -> int:
    """The number of the next record of a repeating form at a visit."""
    return 1 + max((key[2] for key in case.subject.forms if key[:2] == (form.id, visit)), default=0)
