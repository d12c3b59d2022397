"""What templates can say beyond Django's own: addresses that keep the moment, static files, signs, plain text."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.template import Library
from django.template.context import Context, RequestContext
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from firstbreath.events.record import UnreadableRecord
from firstbreath.events.store import StoreError
from firstbreath.paper.plain import render_plain
from firstbreath.people.rights import ROLES
from firstbreath.protocol.values import Field
from firstbreath.trial.fold import UnfoldableLog
from firstbreath.web import ways
from firstbreath.web.accounts.demonstration import PASSWORD, list_offered
from firstbreath.web.assets import load_assets
from firstbreath.web.identity import Identity
from firstbreath.web.language import BOOK
from firstbreath.web.moment import source_of
from firstbreath.web.pages import words
from firstbreath.web.source import Unavailable

register = Library()
register.filter("kind", words.render_kind)
register.filter("time", words.render_time)
register.filter("period", words.render_period)
register.filter("sign_of", words.sign_of)


@register.filter
def sees_site(identity: Identity | None, site: str) -> bool:
    """Whether subjects of a site are in view; on a site that is only read all are."""
    return identity is None or identity.sees_site(site)


@register.filter
def amount(text: str, unit: str) -> str:
    """An amount with its unit, large ones in powers of ten."""
    return words.render_amount(text, unit)


@register.filter
def role_name(role: str) -> str:
    """A role in words."""
    return gettext(ROLES[role]) if role in ROLES else role


@register.filter
def shown(text: str) -> str:
    """A text that the protocol declares (a title, a visit, a criterion) as it is shown in the language of the page."""
    return BOOK.get().texts.get(text) or text


@register.filter
def label_of(field: Field) -> str:
    """The label of a field of the protocol, in the language of the page."""
    return BOOK.get().labels.get(field.id) or field.label


@register.filter
def choice_of(field: Field, choice: str) -> str:
    """A choice of a field as it is shown in the language of the page; what is recorded stays as declared."""
    found = BOOK.get().choices.get((field.id, choice))
    return found or (gettext(choice) if field.type == "yesno" else choice)


@register.filter
def may(identity: Identity | None, act: str) -> bool:
    """Whether somebody's role may do an act; the door asks again."""
    return identity is not None and identity.may(act)


@register.filter
def dashed(act: str) -> str:
    """An act as it stands in an address."""
    return act.replace("_", "-")


@register.filter
def plain(text: object) -> str:
    """The text with every invisible character written out: for whatever a person or a file has said."""
    return render_plain(str(text))


@register.simple_tag(takes_context=True)
def address(context: Context, name: str, *place: Any, **query: Any) -> str:
    """The address of a page at the moment that is shown; empty parts of the query are left out."""
    moment = context.get("moment")
    asked = {"as_of": moment.asked} if moment else {}
    kept = {key: value for key, value in {**query, **asked}.items() if value not in ("", None)}
    path = reverse(name, args=place)
    return f"{path}?{urlencode(kept)}" if kept else path


@register.simple_tag(takes_context=True)
def event(context: Context, seq: int) -> SafeString:
    """A link to an event by its number; nothing for 0."""
    if not seq:
        return SafeString("")
    link = address(context, "event", seq)
    return format_html('<a class="event" href="{}"><span class="event-word">event</span> {}</a>', link, seq)


@register.simple_tag
def first_address(pages: tuple[str, ...], place: tuple[Any, ...]) -> str:
    """The address of the first of these pages that this site has, or empty."""
    return ways.first_address(pages, *place)


@register.simple_tag
def task_address(task: Any) -> str:
    """Where a task of Today is done, with the way back; the subject's page where the site has no page for it."""
    return ways.address_of(task)


@register.simple_tag
def asset(name: str) -> str:
    """The address of a static file."""
    return reverse("asset", args=(load_assets()[name].digest, name))


@register.simple_tag
def sign(name: str) -> SafeString:
    """The shape of a state; the word beside it says the same to whoever does not see it."""
    return format_html('<svg class="sign sign-{0}" aria-hidden="true"><use href="#sign-{0}"/></svg>', name)


@register.simple_tag(takes_context=True)
def stamp(context: RequestContext) -> str:
    """What is printed on everything of this trial, on pages without a moment too; empty for a real trial."""
    moment = context.get("moment")
    if context.get("status") == HTTPStatus.INTERNAL_SERVER_ERROR:
        return ""  # nothing is asked again of what just failed
    try:
        return moment.trial.stamp if moment else source_of(context.request).history().now.stamp
    except (StoreError, Unavailable, UnreadableRecord, UnfoldableLog):
        return ""  # the page already says that the log cannot be read


@register.inclusion_tag("accounts/demonstration.html", takes_context=True)
def demonstration(context: RequestContext, back: str) -> dict[str, Any]:
    """The accounts of a simulated trial, each to be entered by one tap; nothing on any other site."""
    trial = source_of(context.request).history().now
    return {"offered": list_offered(trial), "password": PASSWORD, "back": back, "csrf_token": context.get("csrf_token")}
