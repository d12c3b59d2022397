"""The views of a reader: the list, and the scan with its score. They show codes alone."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from firstbreath.reading.commands import DraftRead, SignRead, VoidRead
from firstbreath.reading.state import Reading, Task
from firstbreath.web.accounts.reauth import check_reauthentication
from firstbreath.web.act import UNAVAILABLE, Outcome, perform, see_other
from firstbreath.web.errors import act_page, page
from firstbreath.web.frame import render_page
from firstbreath.web.moment import Moment, read_moment
from firstbreath.web.reading.entries import parse_segments, rows_of
from firstbreath.web.reading.looking import POLICY, charter_of, reader_of, task_of
from firstbreath.web.reading.waiting import cases_of


@page("see_own_reads")
def show_list(request: HttpRequest) -> HttpResponse:
    """What a reader has to read, in the order drawn, and the cases to settle once every read is signed."""
    moment, reader = read_moment(request), reader_of(request)
    tasks = moment.now.reading.tasks_of(reader)
    waiting = [task for task in tasks if task.signed is None]
    frame: dict[str, Any] = {
        "tasks": tasks,
        "next": waiting[0] if waiting else None,
        "signed": len(tasks) - len(waiting),
        "cases": cases_of(moment.now, reader),
        "unblinded": moment.now.reading.unblinded,
    }
    return render_page(request, "reading/list", moment, **frame)


@act_page("sign_read")
def show_task(request: HttpRequest, code: str) -> HttpResponse:
    """A scan with its score: a draft is kept, a complete read is signed."""
    moment = read_moment(request)
    task = task_of(request, moment, code)
    if request.method != "POST":
        return _show(request, moment, task)
    draft = request.POST.get("step") == "draft"
    outcome = _draft(request, moment, task) if draft else _sign(request, moment, task)
    if request.headers.get("Accept", "").startswith("application/json"):
        return _told(outcome)
    if not outcome.done:
        return _show(request, moment, task, outcome)
    return see_other(reverse("reading-task", args=[code]) if draft else reverse("reading"))


def _told(outcome: Outcome) -> HttpResponse:
    """What came of a draft, for the page's module."""
    if outcome.done:
        return JsonResponse({"saved": f"{outcome.events[0].at:%H:%M} UTC" if outcome.events else ""})
    reasons = " ".join(reason.text for reason in outcome.reasons)
    return JsonResponse({"reasons": reasons}, status=outcome.status)


def _entered(request: HttpRequest, moment: Moment) -> dict[str, Any]:
    sent = request.POST
    return {
        "segments": parse_segments(charter_of(moment), sent),
        "seen": sent.get("seen", "")[:500],
        "remark": sent.get("remark", "").strip()[:2_000],
    }


def _draft(request: HttpRequest, moment: Moment, task: Task) -> Outcome:
    entered = _entered(request, moment)
    last = task.entered
    if last and task.signed is None and (last.segments, last.seen, last.remark) == tuple(entered.values()):
        return Outcome()
    return perform(request, DraftRead(task=task.drawn.task, **entered), form="reading", step="draft")


def _sign(request: HttpRequest, moment: Moment, task: Task) -> Outcome:
    wrong = check_reauthentication(request)
    if wrong:
        return Outcome(reasons=wrong, status=409)
    return perform(request, SignRead(task=task.drawn.task, **_entered(request, moment)), form="reading", step="sign")


def _show(request: HttpRequest, moment: Moment, task: Task, outcome: Outcome | None = None) -> HttpResponse:
    charter, outcome = charter_of(moment), outcome or Outcome()
    entered = _entered(request, moment) if request.method == "POST" else None
    kept = task.entered
    segments = entered["segments"] if entered else kept.segments if kept else {}
    rows = rows_of(charter, segments)
    frame: dict[str, Any] = {
        "task": task,
        "charter": charter,
        "rows": rows,
        "left": sum(not row.done for row in rows),
        "seen": entered["seen"] if entered else kept.seen if kept else "",
        "remark": entered["remark"] if entered else kept.remark if kept else "",
        "of": len(moment.now.reading.tasks_of(task.drawn.reader)),
        "position": place_of(moment.now.reading, task),
        "reasons": outcome.reasons,
        "sent_id": request.POST.get("request_id", "")[:64] if outcome.status == UNAVAILABLE else "",
        "stack": reverse("task-stack", args=[task.drawn.task]),
    }
    response = render_page(request, "reading/task", moment, **frame, status=outcome.status)
    response.headers["Content-Security-Policy"] = POLICY
    return response


def place_of(reading: Reading, task: Task) -> int:
    """The place of a task in its reader's list, from 1."""
    return next(n for n, each in enumerate(reading.tasks_of(task.drawn.reader), 1) if each is task)


@act_page("void_read")
def void_read(request: HttpRequest, code: str) -> HttpResponse:
    """State that a signed read does not count, and why; its scan is read again."""
    moment = read_moment(request)
    task = task_of(request, moment, code)
    outcome = Outcome()
    if request.method == "POST":
        why = request.POST.get("why", "")
        outcome = perform(request, VoidRead(task=task.drawn.task), reason=why, form="reading")
        if outcome.done:
            return see_other(reverse("reading"))
    frame: dict[str, Any] = {"task": task, "reasons": outcome.reasons, "why": request.POST.get("why", "")}
    return render_page(request, "reading/void", moment, **frame, status=outcome.status)
