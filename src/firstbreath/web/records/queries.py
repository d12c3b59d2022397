"""The views of edit checks and queries."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from firstbreath.protocol.naming import name_words
from firstbreath.subjects.commands import AnswerQuery, CloseQuery, OpenQuery, ReopenQuery
from firstbreath.web.act import attempt, parse_command
from firstbreath.web.errors import act_page, page
from firstbreath.web.frame import Absent, render_page
from firstbreath.web.moment import read_moment
from firstbreath.web.pages.words import render_place
from firstbreath.web.records.check_list import compute_check_list
from firstbreath.web.records.labels import label_record
from firstbreath.web.records.query_list import compute_query_list, compute_query_page, value_at
from firstbreath.web.records.reading import number_of, site_filter, subject_of, time_of

ABOUT = ("subject", "form", "visit", "field", "repeat", "check")


@page("see_queries")
def show_checks(request: HttpRequest) -> HttpResponse:
    """What the edit checks say of every record."""
    moment = read_moment(request)
    asked = request.GET.get("outcome", "")
    checks = compute_check_list(moment.trial, sees_site=site_filter(request), outcome=asked)
    return render_page(request, "records/checks", moment, checks=checks, kept={"outcome": checks.chosen})


@page("see_queries")
def show_queries(request: HttpRequest) -> HttpResponse:
    """The queries, by state and site."""
    moment = read_moment(request)
    asked = {name: request.GET.get(name, "") for name in ("state", "site", "subject")}
    found = compute_query_list(moment.trial, time_of(moment), sees_site=site_filter(request), **asked)
    codes = [each.code for each in moment.trial.subjects.all() if site_filter(request)(each.site)]
    return render_page(request, "records/queries", moment, found=found, asked=asked, codes=codes, kept=asked)


@page("see_queries")
def show_query(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One query with everything said on it."""
    return _show_query(request, code, number)


def _show_query(
    request: HttpRequest, code: str, number: int, *, reasons: Any = (), status: int = 200, sent: str = ""
) -> HttpResponse:
    moment = read_moment(request)
    query = compute_query_page(moment.trial, subject_of(request, moment, code), number, time_of(moment))
    if query is None:
        raise Absent(moment, f"{code[:20]} has no query {number} after {render_place(moment.trial.seq)}.")
    return render_page(request, "records/query", moment, query=query, reasons=reasons, sent=sent, status=status)


@act_page("answer_query")
def answer_query(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Answer a query."""
    return _step(request, AnswerQuery, code, number)


@act_page("close_query")
def close_query(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Close a query."""
    return _step(request, CloseQuery, code, number)


@act_page("reopen_query")
def reopen_query(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Ask again."""
    return _step(request, ReopenQuery, code, number)


def _step(request: HttpRequest, act: type[Any], code: str, number: int) -> HttpResponse:
    if request.method != "POST":
        return _show_query(request, code, number)
    subject_of(request, read_moment(request), code)
    text = request.POST.get("text", "")
    command = parse_command(act, subject=code, query=number, text=text)
    again = partial(_show_query, request, code, number, sent=text)
    return attempt(request, command, to=reverse("query", args=(number, code)), again=again, form="query")


@act_page("open_query")
def open_query(request: HttpRequest) -> HttpResponse:
    """Put a question about a field, recorded or missing."""
    asked = request.POST if request.method == "POST" else request.GET
    about = {name: asked.get(name, "")[:200] for name in ABOUT}
    subject = subject_of(request, read_moment(request), about["subject"])
    text = asked.get("text", "")
    if request.method != "POST":
        return _ask(request, about, text)
    repeat = number_of(about["repeat"]) or 1
    command = parse_command(OpenQuery, **{**about, "repeat": repeat}, text=text)
    to = reverse("query", args=(max(subject.queries, default=0) + 1, subject.code))
    return attempt(request, command, to=to, again=partial(_ask, request, about, text), form="query")


def _ask(
    request: HttpRequest, about: dict[str, str], text: str, *, reasons: Any = (), status: int = 200
) -> HttpResponse:
    moment = read_moment(request)
    subject = subject_of(request, moment, about["subject"])
    protocol = moment.trial.protocol
    assert protocol is not None  # noqa: S101 -- there is a subject, so a protocol
    key = (about["form"], about["visit"], number_of(about["repeat"]) or 1)
    value, seq = value_at(subject, key, about["field"])
    place = {"record": label_record(protocol, key), "field": name_words(protocol, about["field"])}
    shown: dict[str, Any] = {"about": about, "text": text, "place": place, "value": value, "seq": seq}
    return render_page(request, "records/ask", moment, **shown, reasons=reasons, status=status)
