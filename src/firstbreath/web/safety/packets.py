"""The views of review packets: frozen, read, voted on."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from firstbreath.safety.commands import CastVote, ConcludePacket, FreezePacket
from firstbreath.web.accounts.reauth import check_reauthentication, has_second_factor, signs_first
from firstbreath.web.act import UNAVAILABLE, Outcome, parse_command, perform, see_other
from firstbreath.web.errors import act_page, page
from firstbreath.web.frame import Absent, render_page
from firstbreath.web.identity import identity_of
from firstbreath.web.moment import read_moment, source_of
from firstbreath.web.safety.packet_page import compute_packet_page, compute_packets, enrolled_codes
from firstbreath.web.safety.reading import time_shown

NO_ACT = Outcome()


@page("see_safety")
def show_packets(request: HttpRequest) -> HttpResponse:
    """Every packet, the last first, and the subjects that a new one can hold."""
    return _render_packets(request, NO_ACT)


@act_page("freeze_packet")
def freeze_packet(request: HttpRequest) -> HttpResponse:
    """Fix what the safety group is to review, on everything written so far."""
    if request.method != "POST":
        return see_other(reverse("packets"))
    command = parse_command(FreezePacket, subjects=tuple(request.POST.getlist("subjects")))
    outcome = _done(request, command)
    if outcome.done:
        return see_other(reverse("packet", args=[max(read_moment(request).now.safety.packets)]))
    return _render_packets(request, outcome)


@page("see_safety")
def show_packet(request: HttpRequest, number: int) -> HttpResponse:
    """A packet as it was frozen, with the votes as they stand."""
    return _render_packet(request, number, NO_ACT)


@act_page("cast_vote")
def cast_vote(request: HttpRequest, number: int) -> HttpResponse:
    """Vote on a packet, under one's password again."""
    back = reverse("packet", args=[number])
    if request.method != "POST":
        return see_other(back)
    sent = request.POST
    wrong = check_reauthentication(request)
    command = parse_command(
        CastVote,
        packet=number,
        recommendation=sent.get("recommendation", ""),
        conflict=sent.get("conflict", ""),
        comment=sent.get("comment", ""),
    )
    outcome = Outcome(reasons=wrong, status=409) if wrong else _done(request, command)
    return see_other(back) if outcome.done else _render_packet(request, number, outcome)


@act_page("conclude_packet")
def conclude_packet(request: HttpRequest, number: int) -> HttpResponse:
    """Bring the review of a packet that waits for nobody any more."""
    back = reverse("packet", args=[number])
    if request.method != "POST":
        return see_other(back)
    outcome = _done(request, parse_command(ConcludePacket, packet=number))
    return see_other(back) if outcome.done else _render_packet(request, number, outcome)


def _done(request: HttpRequest, command: Any) -> Outcome:
    if isinstance(command, tuple):
        return Outcome(reasons=command, status=400)
    return perform(request, command, form="review packet")


def _render_packets(request: HttpRequest, outcome: Outcome) -> HttpResponse:
    moment = read_moment(request)
    lines, codes = compute_packets(moment.trial), enrolled_codes(moment.trial)
    frame: dict[str, Any] = {"lines": lines, "codes": codes, "reasons": outcome.reasons}
    return render_page(request, "safety/packets", moment, **frame, status=outcome.status)


def _render_packet(request: HttpRequest, number: int, outcome: Outcome) -> HttpResponse:
    moment = read_moment(request)
    packet = moment.trial.safety.packets.get(number)
    if packet is None:
        raise Absent(moment, f"There is no packet {number} at this moment.")
    source, identity = source_of(request), identity_of(request)
    account = identity.account.id if identity else ""
    shown = compute_packet_page(
        moment.trial, source.history(), number, account=account, on=time_shown(request, moment).date()
    )
    head = source.sign(packet.body.up_to)
    frame: dict[str, Any] = {"shown": shown, "head": head, "reasons": outcome.reasons, "sent": _sent(request)}
    frame |= {"signs_first": signs_first(request), "has_code": bool(account) and has_second_factor(account)}
    frame["sent_id"] = request.POST.get("request_id", "")[:64] if outcome.status == UNAVAILABLE else ""
    return render_page(request, "safety/packet", moment, **frame, status=outcome.status)


def _sent(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in ("recommendation", "conflict", "comment")}
