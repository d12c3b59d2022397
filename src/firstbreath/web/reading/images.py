"""What the viewer fetches: how a stack is shaped, and its slices. Nothing in either tells whose it is, or when."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from firstbreath.protocol.values import Charter
from firstbreath.reading.state import Scan
from firstbreath.reading.volume import PADDING_HU
from firstbreath.web.errors import page
from firstbreath.web.frame import Absent
from firstbreath.web.moment import Moment, read_moment
from firstbreath.web.reading.looking import (
    blobs_of,
    charter_of,
    find_scan,
    reader_of,
    scan_of_task,
    stored_of,
    turn_of,
)


@page("see_own_reads")
def send_task_stack(request: HttpRequest, code: str) -> HttpResponse:
    """How the stack of a task is shaped."""
    moment = read_moment(request)
    scan = scan_of_task(moment, turn_of(request, moment, code))
    return _stack(request, moment, scan, address=reverse("task-slice", args=[code, 0]))


@page("see_own_reads")
def send_task_slice(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A slice of a task."""
    moment = read_moment(request)
    return _slice(request, moment, scan_of_task(moment, turn_of(request, moment, code)), number)


@page("see_own_reads")
def send_case_stack(request: HttpRequest, code: str) -> HttpResponse:
    """How the stack of a case is shaped."""
    moment = read_moment(request)
    return _stack(request, moment, scan_of_case(request, moment, code), address=reverse("case-slice", args=[code, 0]))


@page("see_own_reads")
def send_case_slice(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A slice of a case."""
    moment = read_moment(request)
    return _slice(request, moment, scan_of_case(request, moment, code), number)


@page("see_scans")
def send_scan_stack(request: HttpRequest, name: str) -> HttpResponse:
    """How the stack of a scan is shaped, for whoever checks it."""
    moment = read_moment(request)
    scan = find_scan(request, moment, name)
    return _stack(request, moment, scan, address=reverse("scan-slice", args=[name, 0]))


@page("see_scans")
def send_scan_slice(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """A slice of a scan, for whoever checks it."""
    moment = read_moment(request)
    return _slice(request, moment, find_scan(request, moment, name), number)


def asked_first(of: str, name: str, scan: Scan) -> dict[str, str]:
    """The addresses the viewer asks for first, which its page names: the stack, and the middle slice as it opens there.

    of  `task`, `case` or `scan`
    """
    middle = scan.body.slices // 2
    return {"stack": reverse(f"{of}-stack", args=[name]), "first": reverse(f"{of}-slice", args=[name, middle])}


def scan_of_case(request: HttpRequest, moment: Moment, code: str) -> Scan:
    """The scan of a case whose reads are all signed, for those who may settle it.

    Raises `Absent` for any other.
    """
    reading, charter, reader = moment.now.reading, charter_of(moment), reader_of(request)
    scan = reading.by_case(code)
    third = charter.agreement == "adjudicator"
    if (
        scan is not None
        and not scan.rejected
        and reading.is_read(scan)
        and reading.may_settle(scan.body.scan, reader, third=third)
    ):
        return scan
    raise Absent(moment, f"There is no case {code[:20]} in your list.")


def _stack(request: HttpRequest, moment: Moment, scan: Scan, *, address: str) -> HttpResponse:
    shape, charter = stored_of(request, scan).geometry, charter_of(moment)
    told: dict[str, Any] = {
        "slices": shape.slices,
        "rows": shape.rows,
        "columns": shape.columns,
        "spacing_mm": shape.spacing_mm,
        "along_row": shape.along_row,
        "along_column": shape.along_column,
        "along_stack": shape.along_stack,
        "padding_hu": PADDING_HU,
        "windows": [
            {"key": str(n), "label": window.label, "centre": window.centre, "width": window.width}
            for n, window in enumerate(charter.windows, 1)
        ],
        "size_classes": _classes(charter),
        "slice_url": address.removesuffix("0") + "{n}",
    }
    return JsonResponse(told)


def _classes(charter: Charter) -> list[dict[str, int]]:
    """What a length in mm suggests, the smallest class first."""
    sized = [score for score in charter.scores if score.from_mm is not None or score.below_mm is not None]
    return [
        {"points": score.points} | ({} if score.below_mm is None else {"below_mm": score.below_mm})
        for score in sorted(sized, key=lambda score: score.points)
    ]


def _slice(request: HttpRequest, moment: Moment, scan: Scan, number: int) -> HttpResponse:
    slices = stored_of(request, scan).slices
    if not 0 <= number < len(slices):
        raise Absent(moment, f"There is no slice {number}; this stack has {len(slices)}.")
    content = blobs_of(request).get(scan.subject, slices[number])
    response = HttpResponse(content, content_type="application/octet-stream")
    response.headers["Content-Encoding"] = "gzip"
    return response
