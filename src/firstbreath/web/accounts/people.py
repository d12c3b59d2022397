"""Everybody who runs the trial: accounts, delegation of authority, training, identity, and who may do what."""

from collections.abc import Callable, Mapping

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from firstbreath.events import kinds
from firstbreath.events.decisions import Reason
from firstbreath.events.record import Event
from firstbreath.people.rights import DELEGATED_BY_INVESTIGATOR, RIGHTS, ROLES
from firstbreath.people.state import Account, People
from firstbreath.trial.commands import ACTS
from firstbreath.web.accounts.codes import remove_devices
from firstbreath.web.accounts.passwords import password_dates, set_one_time_password
from firstbreath.web.accounts.sessions import end_sessions
from firstbreath.web.act import new_request_id, parse_command, perform, see_other
from firstbreath.web.errors import View, act_page, page
from firstbreath.web.frame import Absent, render_page
from firstbreath.web.identity import identity_of
from firstbreath.web.moment import Moment, read_moment

PERSON_ACTS = (
    "grant_role",
    "withdraw_role",
    "record_training",
    "verify_identity",
    "close_account",
    "reset_credential",
)
FIELDS = ("role", "site", "begins", "ends", "topic", "how", "letter", "what")
DELEGATIONS = (kinds.RoleGranted, kinds.RoleWithdrawn, kinds.AccountClosed)


class DelegationLine(msgspec.Struct, frozen=True):
    """One step of the delegation of authority: to whom, what, where, from when to when, by whom."""

    name: str
    account: str
    role: str
    what: str
    site: str
    begins: str
    ends: str
    by: str
    event: Event


def list_delegations(events: tuple[Event, ...], people: People) -> tuple[DelegationLine, ...]:
    """Every delegation and its end, in the order written."""
    return tuple(_delegation(event, people) for event in events if isinstance(event.body, DELEGATIONS))


def _delegation(event: Event, people: People) -> DelegationLine:
    body = event.body
    role, site, begins, ends = (str(getattr(body, name, "")) for name in ("role", "site", "begins", "ends"))
    words = {kinds.RoleGranted: "delegated", kinds.RoleWithdrawn: "withdrawn", kinds.AccountClosed: "account closed"}
    account = str(getattr(body, "account", ""))
    return DelegationLine(
        name=people.name_of(account),
        account=account,
        role=ROLES.get(role, role),
        what=words[type(body)],
        site=site,
        begins=begins,
        ends=ends,
        by=people.name_of(event.actor),
        event=event,
    )


@page("see_people")
def show_people(request: HttpRequest) -> HttpResponse:
    """Everybody with an account, closed ones too."""
    moment = read_moment(request)
    dates = password_dates() if identity_of(request) and not moment.asked else {}
    lines = [(account, dates.get(account.id)) for account in moment.trial.people.all()]
    return render_page(request, "accounts/people", moment, lines=lines)


@page("see_people")
def show_delegation(request: HttpRequest) -> HttpResponse:
    """The delegation of authority, as inspectors read it."""
    moment = read_moment(request)
    lines = list_delegations(tuple(moment.events), moment.trial.people)
    return render_page(request, "accounts/delegation", moment, lines=lines)


@page("see_people")
def show_rights(request: HttpRequest) -> HttpResponse:
    """Who may do what: the grid as it stands."""
    rows = [(act, [(role, role in may) for role in ROLES]) for act, may in RIGHTS.by_act.items()]
    seeing = [row for row in rows if row[0].startswith("see_") and row[0] not in ACTS]
    acting = [row for row in rows if row not in seeing]
    return render_page(request, "accounts/rights", read_moment(request), seeing=seeing, acting=acting)


@page("see_people")
def show_alerts(request: HttpRequest) -> HttpResponse:
    """Locked accounts and clocks set back, the last first."""
    moment = read_moment(request)
    return render_page(request, "accounts/alerts", moment, alerts=tuple(reversed(moment.trial.people.alerts)))


@page("see_people")
def show_person(request: HttpRequest, account: str) -> HttpResponse:
    """One person, and what may be done about the account."""
    return render_person(request, read_moment(request), account)


def render_person(
    request: HttpRequest,
    moment: Moment,
    account_id: str,
    *,
    reasons: tuple[Reason, ...] = (),
    status: int = 200,
    password: str = "",
) -> HttpResponse:
    """The page of a person, with what came of an act."""
    account, identity = moment.trial.people.get(account_id), identity_of(request)
    if account is None:
        raise Absent(moment, f"There is no account {account_id[:30]}.")
    protocol = moment.trial.protocol
    offered = [act for act in PERSON_ACTS if identity and identity.may(act) and not moment.asked]
    about = [e for e in moment.events if getattr(e.body, "account", "") == account_id]
    return render_page(
        request,
        "accounts/person",
        moment,
        status=status,
        person=account,
        offered=_fitting(offered, account),
        offered_roles=_offered_roles(identity.roles if identity else ()),
        sites=protocol.design.trial.sites if protocol else (),
        about=tuple(reversed(about)),
        reasons=reasons,
        password=password,
    )


def _fitting(offered: list[str], account: Account) -> list[str]:
    return [] if account.closed else [act for act in offered if act != "verify_identity" or account.verified is None]


def _offered_roles(own: tuple[str, ...]) -> Mapping[str, str]:
    if "administrator" in own:
        return ROLES
    return {role: words for role, words in ROLES.items() if role in DELEGATED_BY_INVESTIGATOR}


def person_act(act: str) -> View:
    """The address that does one act about a person."""

    @act_page(act)
    def do(request: HttpRequest, account: str) -> HttpResponse:
        if request.method != "POST":
            return see_other(reverse("person", args=(account,)))
        names = {field.name for field in msgspec.structs.fields(ACTS[act])}
        sent = {name: str(request.POST.get(name, "")).strip() for name in FIELDS if name in names}
        command = parse_command(ACTS[act], account=account, **sent)
        moment = read_moment(request)
        if isinstance(command, tuple):
            return render_person(request, moment, account, reasons=command, status=400)
        step = new_request_id() if act in AFTER else ""
        outcome = perform(request, command, reason=str(request.POST.get("reason", "")), form="people", step=step)
        if not outcome.done:
            return render_person(request, moment, account, reasons=outcome.reasons, status=outcome.status)
        password = AFTER.get(act, _nothing)(account, sent)
        if password:
            return render_person(request, read_moment(request), account, password=password)
        return see_other(reverse("person", args=(account,)))

    return do


def _nothing(_account: str, _sent: Mapping[str, str]) -> str:
    return ""


def _close(account: str, _sent: Mapping[str, str]) -> str:
    end_sessions(account)
    return ""


def _reset(account: str, sent: Mapping[str, str]) -> str:
    """Revoke at once: every session dies; a new one-time password is shown once."""
    end_sessions(account)
    if sent.get("what") == "second_factor":
        remove_devices(account)
        return ""
    return set_one_time_password(account)


AFTER: Mapping[str, Callable[[str, Mapping[str, str]], str]] = {"close_account": _close, "reset_credential": _reset}
"""What follows in the site's own database once an act is written."""


@act_page("open_account")
def open_account(request: HttpRequest) -> HttpResponse:
    """Open an account; its one-time password is shown once."""
    sent = {name: str(request.POST.get(name, "")).strip() for name in ("account", "name")}
    reasons: tuple[Reason, ...] = ()
    status = 200
    if request.method == "POST":
        command = parse_command(ACTS["open_account"], **sent)
        outcome = None if isinstance(command, tuple) else perform(request, command, form="people")
        if outcome and outcome.done:
            password = "" if outcome.again else set_one_time_password(sent["account"])
            return render_person(request, read_moment(request), sent["account"], password=password)
        reasons, status = (outcome.reasons, outcome.status) if outcome else (command, 400)  # type: ignore[assignment]
    return render_page(request, "accounts/open", read_moment(request), sent=sent, reasons=reasons, status=status)
