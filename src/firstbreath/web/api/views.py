"""Reading by program: the moment, the value, JSON. The sentence of each view is its summary in OpenAPI."""

from datetime import UTC, date, datetime
from itertools import islice

import msgspec
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token

from firstbreath.web.api.asked import ASKED
from firstbreath.web.api.problems import answer_json
from firstbreath.web.api.safety_reading import (
    read_all_adverse_events,
    read_all_queries,
    read_packets,
    read_people,
    read_ranges,
    read_reviews,
    read_rights,
)
from firstbreath.web.api.subject_reading import read_subject
from firstbreath.web.api.trial_reading import (
    RecordReading,
    in_view,
    read_log,
    read_protocol,
    read_subjects,
    read_trial,
)
from firstbreath.web.errors import guard_site, page
from firstbreath.web.frame import Absent
from firstbreath.web.identity import Identity, identity_of
from firstbreath.web.moment import Moment, read_moment, source_of
from firstbreath.web.pages.words import render_place
from firstbreath.web.views import find_event

USUAL_LIMIT, MAX_LIMIT = 100, 1_000


class MeReading(msgspec.Struct, frozen=True):
    """Who asks: roles held today, what they may see and do; `mark` goes into X-CSRFToken when a session acts."""

    account: str
    name: str
    roles: tuple[str, ...]
    sites: tuple[str, ...]
    token: str
    mark: str
    acts: tuple[str, ...]


@page()
def show_trial(request: HttpRequest) -> HttpResponse:
    """Where the trial stands, and whether its next subject may be enrolled."""
    return answer_json(read_trial(read_moment(request)))


@page()
def show_protocol(request: HttpRequest) -> HttpResponse:
    """The protocol in force: its files, and what they say."""
    moment = read_moment(request)
    if moment.trial.protocol is None:
        raise Absent(moment, f"No protocol is in force after {render_place(moment.trial.seq)}.")
    return answer_json(read_protocol(moment.trial, moment.trial.protocol))


@page("see_subjects")
def show_subjects(request: HttpRequest) -> HttpResponse:
    """The subjects at your sites, one line each."""
    return answer_json(read_subjects(read_moment(request).trial, identity_of(request)))


@page("see_subjects")
def show_subject(request: HttpRequest, code: str) -> HttpResponse:
    """Everything recorded about a subject: eligibility, consent, forms with every version, doses, queries."""
    moment, identity = read_moment(request), identity_of(request)
    trial = moment.trial
    subject = trial.subjects.get(code)
    if subject is None or trial.protocol is None:
        raise Absent(moment, f"There is no subject {code[:40]} after {render_place(trial.seq)}.")
    guard_site(request, subject.site)
    seen = {
        "queries": identity is None or identity.sees("see_queries"),
        "adverse_events": identity is None or identity.sees("see_safety"),
    }
    return answer_json(read_subject(trial, trial.protocol, subject, **seen))


@page("see_queries")
def show_queries(request: HttpRequest) -> HttpResponse:
    """The queries at your sites."""
    return answer_json(read_all_queries(read_moment(request).trial, identity_of(request)))


@page("see_safety")
def show_adverse_events(request: HttpRequest) -> HttpResponse:
    """The adverse events at your sites, with every version."""
    return answer_json(read_all_adverse_events(read_moment(request).trial, identity_of(request)))


@page("see_safety")
def show_packets(request: HttpRequest) -> HttpResponse:
    """The packets of the safety group, who has voted, and once all have, how."""
    return answer_json(read_packets(read_moment(request).trial))


@page("see_safety")
def show_reviews(request: HttpRequest) -> HttpResponse:
    """The reviews of the safety group, and the recommendation that stands."""
    return answer_json(read_reviews(read_moment(request).trial))


@page("see_safety")
def show_ranges(request: HttpRequest) -> HttpResponse:
    """The normal ranges of laboratory values by site."""
    return answer_json(read_ranges(read_moment(request).trial))


@page("see_people")
def show_people(request: HttpRequest) -> HttpResponse:
    """The accounts with their delegations."""
    moment = read_moment(request)
    return answer_json(read_people(moment.trial, _date_of(moment)))


def _date_of(moment: Moment) -> date:
    """The date of an earlier moment, or today."""
    return (moment.trial.at if moment.asked and moment.trial.at else datetime.now(UTC)).date()


@page("see_people")
def show_rights(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- the same for everybody
    """Which role may do what."""
    return answer_json(read_rights())


@page("see_log")
def show_log(request: HttpRequest) -> HttpResponse:
    """The events of the log in order, a part at a time."""
    moment = read_moment(request)
    after = _read_number(request, "after", 0, most=moment.trial.seq)
    limit = _read_number(request, "limit", USUAL_LIMIT, least=1, most=MAX_LIMIT)
    source = source_of(request)
    hashes = (source.hash_of(event.seq).hex() for event in islice(moment.events, after, after + limit))
    return answer_json(read_log(moment, hashes, after=after, limit=limit, identity=identity_of(request)))


def _read_number(request: HttpRequest, name: str, usual: int, *, least: int = 0, most: int) -> int:
    text = request.GET.get(name, "") or str(usual)
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1
    if not least <= number <= most:
        msg = f"{name} is a whole number from {least} to {most}."
        raise BadRequest(msg)
    return number


@page("see_log")
def show_event(request: HttpRequest, seq: int) -> HttpResponse:
    """One event with its exact bytes and the hashes before and at it."""
    moment, source = read_moment(request), source_of(request)
    event = find_event(request, moment, seq)
    if not in_view(event.subject, moment.now, identity_of(request)):
        guard_site(request, moment.now.subjects.by_code[event.subject].site)
    record = source.record_of(seq).decode()
    return answer_json(RecordReading(source.hash_of(seq - 1).hex(), record, source.hash_of(seq).hex(), event))


@page("")
def show_me(request: HttpRequest) -> HttpResponse:
    """Who you are to the trial today, and the acts that you may ask for."""
    identity = identity_of(request)
    if identity is None:
        raise Absent(read_moment(request), "Nobody signs in on a site that is only read.")
    return answer_json(_read_me(request, identity))


def _read_me(request: HttpRequest, identity: Identity) -> MeReading:
    return MeReading(
        account=identity.account.id,
        name=identity.account.name,
        roles=identity.roles,
        sites=tuple(sorted(identity.account.sites(identity.on))),
        token=identity.token,
        mark="" if identity.token else get_token(request),
        acts=tuple(act for act in ASKED if identity.may(act)),
    )
