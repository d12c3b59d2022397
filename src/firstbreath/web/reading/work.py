"""The views of a reader: the list, and the scan with its score. They show codes alone."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from firstbreath.events.decisions import Reason
from firstbreath.events.kinds import MaskJudged, ReadDrafted, ReadSigned
from firstbreath.reading.commands import DraftRead, SignRead, VoidRead
from firstbreath.reading.scoring import reasons_against_segments, total_of
from firstbreath.reading.state import Reading, Scan, Task
from firstbreath.web.accounts.reauth import check_reauthentication
from firstbreath.web.act import REFUSED, UNAVAILABLE, Outcome, new_request_id, perform, see_other
from firstbreath.web.errors import act_page, page
from firstbreath.web.frame import render_page
from firstbreath.web.moment import Moment, read_moment
from firstbreath.web.reading.entries import (
    count_seen,
    parse_lines,
    parse_seen,
    parse_segments,
    render_lines,
    rows_of,
)
from firstbreath.web.reading.images import asked_first
from firstbreath.web.reading.looking import POLICY, charter_of, reader_of, scan_of_task, task_of, turn_of
from firstbreath.web.reading.waiting import cases_of
from firstbreath.web.records.reading import number_of


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
        "voidable": {task.drawn.task for task in tasks if moment.now.reading.may_void(task)},
        "cases": cases_of(moment.now, reader),
        "unblinded": moment.now.reading.unblinded,
        "scans": masks_of(moment.now.reading),
    }
    return render_page(request, "reading/list", moment, **frame)


def masks_of(reading: Reading) -> list[tuple[Scan, str]]:
    """Every scan with what was said of its lung mask, by patient and visit; none before the reads are final."""
    if reading.unblinded is None:
        return []
    scans = [scan for scan in reading.all_scans() if not scan.rejected]
    found = []
    for scan in sorted(scans, key=lambda scan: (scan.subject, scan.filed.seq)):
        last = scan.masks[-1].body if scan.masks else None
        accepted = isinstance(last, MaskJudged) and last.accepted
        found.append((scan, "accepted" if accepted else "rejected" if last else "to be judged"))
    return found


@act_page("draft_read")
def show_task(request: HttpRequest, code: str) -> HttpResponse:
    """A scan with its score; sent, what is entered is kept, and when it is whole the reader goes on to signing."""
    moment = read_moment(request)
    task = turn_of(request, moment, code) if request.method != "POST" else task_of(request, moment, code)
    if request.method != "POST":
        return _show(request, moment, task)
    outcome = _draft(request, moment, task)
    if not outcome.done:
        return _show(request, moment, task, outcome)
    entered = _entered(request, moment)["segments"]
    charter = charter_of(moment)
    wanted = [segment.id for segment in charter.segments]
    lacking = reasons_against_segments(charter, entered, wanted, whole=True)
    if lacking:
        return _show(request, moment, task, Outcome(reasons=tuple(lacking), status=REFUSED))
    return see_other(reverse("sign-read", args=[code]))


@act_page("draft_read")
def save_draft(request: HttpRequest, code: str) -> HttpResponse:
    """Keep what is entered so far, for the page's module; `why` says what stands in the way."""
    moment = read_moment(request)
    task = task_of(request, moment, code)
    if request.method != "POST":
        return see_other(reverse("reading-task", args=[code]))
    outcome = _draft(request, moment, task)
    if outcome.done:
        return JsonResponse({"saved": f"{outcome.events[0].at:%H:%M} UTC" if outcome.events else ""})
    return JsonResponse({"why": " ".join(reason.text for reason in outcome.reasons)}, status=outcome.status)


@act_page("sign_read")
def sign_read(request: HttpRequest, code: str) -> HttpResponse:
    """Every score once more, and the signature under them."""
    moment = read_moment(request)
    task = task_of(request, moment, code)
    kept = task.entered
    if kept is None or task.signed:
        return see_other(reverse("reading-task", args=[code]))
    outcome = Outcome()
    if request.method == "POST":
        wrong = _against_shown(request, task) or check_reauthentication(request)
        outcome = Outcome(reasons=wrong, status=REFUSED) if wrong else perform(request, _signed(kept), form="reading")
        if outcome.done:
            return see_other(reverse("reading"))
    slices = moment.now.reading.scans[task.drawn.scan].body.slices
    seen = count_seen(kept.seen)
    frame: dict[str, Any] = {
        **_place(moment, task),
        "rows": rows_of(charter_of(moment), kept.segments),
        "total": total_of(charter_of(moment), kept.segments),
        "remark": kept.remark,
        "slices": slices,
        "seen": seen,
        "unseen": seen < slices,
        "draft": task.draft.seq if task.draft else 0,
        "reasons": outcome.reasons,
        "sent_id": request.POST.get("request_id", "")[:64] if outcome.status == UNAVAILABLE else "",
    }
    return render_page(request, "reading/sign", moment, **frame, status=outcome.status)


def _against_shown(request: HttpRequest, task: Task) -> tuple[Reason, ...]:
    """Why what was shown is not what would be signed: something was entered since, perhaps in another window."""
    last = task.draft.seq if task.draft else 0
    if number_of(request.POST.get("draft", "")) == last:
        return ()
    return (Reason("READ-037", "Something was entered since this page was shown.", "Look at it, then sign."),)


def _signed(kept: ReadDrafted | ReadSigned) -> SignRead:
    """The signature under what was kept last."""
    return SignRead(task=kept.task, segments=kept.segments, seen=kept.seen, remark=kept.remark, lines=kept.lines)


def _entered(request: HttpRequest, moment: Moment) -> dict[str, Any]:
    sent = request.POST
    return {
        "segments": parse_segments(charter_of(moment), sent),
        "seen": parse_seen(sent.get("seen", "")),
        "remark": sent.get("remark", "").strip()[:2_000],
        "lines": parse_lines(sent.get("measurements", "")),
    }


def _draft(request: HttpRequest, moment: Moment, task: Task) -> Outcome:
    entered, last = _entered(request, moment), task.entered
    if last and task.signed is None and (last.segments, last.seen, last.remark, last.lines) == (*entered.values(),):
        return Outcome()
    return perform(request, DraftRead(task=task.drawn.task, **entered), form="reading", step=new_request_id())


def _place(moment: Moment, task: Task) -> dict[str, Any]:
    reading = moment.now.reading
    return {
        "task": task,
        "charter": charter_of(moment),
        "of": len(reading.tasks_of(task.drawn.reader)),
        "position": place_of(reading, task),
    }


def _show(request: HttpRequest, moment: Moment, task: Task, outcome: Outcome | None = None) -> HttpResponse:
    outcome, kept = outcome or Outcome(), task.entered
    entered = _entered(request, moment) if request.method == "POST" else {}
    rows = rows_of(charter_of(moment), entered.get("segments", kept.segments if kept else {}))
    frame: dict[str, Any] = {
        **_place(moment, task),
        "rows": rows,
        "left": sum(not row.done for row in rows),
        "seen": entered.get("seen", kept.seen if kept else ""),
        "remark": entered.get("remark", kept.remark if kept else ""),
        "lines": render_lines(entered.get("lines", kept.lines if kept else ())),
        "reasons": outcome.reasons,
        "sent_id": request.POST.get("request_id", "")[:64] if outcome.status == UNAVAILABLE else "",
        **asked_first("task", task.drawn.task, scan_of_task(moment, task)),
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
