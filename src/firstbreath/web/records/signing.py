"""The views of signatures and of source verification."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from firstbreath.subjects.commands import SignRecords, VerifySource
from firstbreath.trial.commands import AnyCommand
from firstbreath.trial.records import list_records
from firstbreath.web.accounts.reauth import check_reauthentication
from firstbreath.web.act import attempt, parse_command
from firstbreath.web.errors import act_page, guard_site, page
from firstbreath.web.frame import Absent, render_page
from firstbreath.web.moment import Moment, read_moment, source_of
from firstbreath.web.pages.marks import MEANINGS, events_of
from firstbreath.web.pages.words import render_place
from firstbreath.web.records.reading import number_of, site_filter, subject_of
from firstbreath.web.records.signature_page import compute_signature_page
from firstbreath.web.records.vouching import compute_worklist, compute_worklists, list_lines, seqs_of


def chosen_seqs(request: HttpRequest, moment: Moment, code: str) -> tuple[int, ...]:
    """The versions of the records that were ticked, or of all that were shown when the whole is asked for."""
    sent = request.POST.getlist("all" if request.POST.get("whole") else "record")
    ticks = [number_of(text) for text in sent]
    return seqs_of(list_records(events_of(moment.events, code)), ticks)


@act_page("sign_records")
def sign_records(request: HttpRequest, code: str) -> HttpResponse:
    """Sign some records of a subject, or all of them."""
    moment = read_moment(request)
    subject_of(request, moment, code)
    if request.method != "POST":
        return _show_signing(request, code)
    again = partial(_show_signing, request, code)
    reasons = check_reauthentication(request)
    if reasons:
        return again(reasons=reasons, status=409)
    seqs = chosen_seqs(request, moment, code)
    command = parse_command(SignRecords, subject=code, seqs=seqs, meaning=request.POST.get("meaning", ""))
    return attempt(request, command, to=reverse("sign", args=(code,)), again=again, form="signing page")


def _show_signing(request: HttpRequest, code: str, *, reasons: Any = (), status: int = 200) -> HttpResponse:
    moment = read_moment(request)
    lines = list_lines(moment.trial, subject_of(request, moment, code), moment.events, in_full=True)
    ticked = [number_of(text) for text in request.POST.getlist("record")]
    sent = {"ticked": ticked, "meaning": request.POST.get("meaning", ""), "whole": request.POST.get("whole", "")}
    return render_page(
        request, "records/sign", moment, code=code, lines=lines, meanings=MEANINGS.items(), reasons=reasons,
        sent=sent, status=status,
    )  # fmt: skip


@page("see_subjects")
def show_signature(request: HttpRequest, seq: int) -> HttpResponse:
    """A signature: whose, when, what it means, what it vouches for, and whether it still does."""
    moment = read_moment(request)
    found = compute_signature_page(moment.trial, moment.events, seq, source_of(request).hash_of)
    if found is None:
        raise Absent(moment, f"There is no signature {seq} after {render_place(moment.trial.seq)}.")
    guard_site(request, found.site)
    return render_page(request, "records/signature", moment, signature=found)


@page("see_queries")
def show_verification(request: HttpRequest) -> HttpResponse:
    """What waits to be compared with its source, subject by subject."""
    moment = read_moment(request)
    lists = compute_worklists(moment.trial, moment.events, sees_site=site_filter(request))
    return render_page(request, "records/verification", moment, lists=lists)


@act_page("verify_source")
def verify_source(request: HttpRequest, code: str) -> HttpResponse:
    """Record which records of a subject were compared with their source."""
    moment = read_moment(request)
    subject_of(request, moment, code)
    if request.method != "POST":
        return _show_verifying(request, code)
    seqs = chosen_seqs(request, moment, code)
    command: AnyCommand = VerifySource(subject=code, seqs=seqs)
    again = partial(_show_verifying, request, code)
    return attempt(request, command, to=reverse("verify-source", args=(code,)), again=again, form="verification page")


def _show_verifying(request: HttpRequest, code: str, *, reasons: Any = (), status: int = 200) -> HttpResponse:
    moment = read_moment(request)
    found = compute_worklist(moment.trial, subject_of(request, moment, code), moment.events, in_full=True)
    ticked = [number_of(text) for text in request.POST.getlist("record")]
    return render_page(
        request, "records/verify", moment, found=found, reasons=reasons, ticked=ticked, status=status
    )  # fmt: skip
