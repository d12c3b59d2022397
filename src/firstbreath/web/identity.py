"""Who is asking: the account behind a session, as the log has it now, asked anew at every request."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import msgspec
from django.contrib.auth import get_user, logout
from django.http import HttpRequest, HttpResponse

from firstbreath.people.commands import NoteSessionEnd
from firstbreath.people.rights import HOLDER, OWN_ACTS, RIGHTS, SYSTEM
from firstbreath.people.state import Account, People
from firstbreath.trial.door import Request
from firstbreath.web.api.problems import is_for_program
from firstbreath.web.settings import IDLE_MINUTES
from firstbreath.web.source import SOURCE, ReadOnce, SiteSource

IDENTITY = "firstbreath.identity"
SEEN = "seen"
SIGNED = "signed"
"""Whether a signature was given in this session: the first asks for account id, password and code."""
HAS_CODE = "code"
"""Whether the account had a second factor when the session began."""
MUST = "must"
"""What the person must do before anything else: `password`, `terms`, or empty."""
SITE_ITSELF = "firstbreath"
"""The actor of what the site writes down on its own."""
KEEP_S = 60
"""How old the note of the last request may be before it is written anew: a save must not cost a query for it."""

Answer = Callable[[HttpRequest], HttpResponse]


class Identity(msgspec.Struct, frozen=True):
    """Somebody who has signed in: the account, the date on which rights are asked, and the session's short name.

    `token` is the name of the token that a program brought in place of a session.
    """

    account: Account
    on: date
    session: str
    token: str = ""

    @property
    def way(self) -> str:
        """How this person came in, as the source of an event names it."""
        return f"token {self.token}" if self.token else f"session {self.session}"

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles held today at any site."""
        return self.account.roles(self.on)

    def sees(self, what: str) -> bool:
        """Whether any role held today may see a group of pages; an empty text asks for nothing but signing in."""
        return not what or any(RIGHTS.may(role, what) for role in self.roles)

    def may(self, act: str, site: str | None = None) -> bool:
        """Whether any role held today may do an act at a site (None: anywhere); the door asks again."""
        return act in OWN_ACTS or any(RIGHTS.may(role, act) for role in self.account.roles(self.on, site))

    def role_for(self, act: str, site: str = "") -> str:
        """The role under which an act is asked for: one that may where there is one, else one that is refused."""
        if act in OWN_ACTS:
            return HOLDER
        there, anywhere = self.account.roles(self.on, site), self.roles
        fitting = [role for role in (*there, *anywhere) if RIGHTS.may(role, act)]
        return (*fitting, *anywhere, "none")[0]

    def sees_site(self, site: str) -> bool:
        """Whether subjects of a site are in view: none of them to whoever keeps accounts, or reads images blind."""
        return self.sees("see_subjects") and bool(self.account.sites(self.on) & {"", site})


def identity_of(request: HttpRequest) -> Identity | None:
    """Who asks, or None: nobody has signed in, or the site is open to read."""
    found: Identity | None = request.META.get(IDENTITY)
    return found


def identify(answer: Answer) -> Answer:
    """Middleware: who asks. A session ends here when its account was closed, or it lay idle."""

    def identified(request: HttpRequest) -> HttpResponse:
        source: SiteSource = ReadOnce(request.META[SOURCE])
        request.META[SOURCE] = source
        request.META.pop(IDENTITY, None)
        if source.door is not None and is_for_program(request) and "Authorization" in request.headers:
            request.META[IDENTITY] = _read_token(request, source)
        elif source.door is not None and request.session.session_key:
            request.META[IDENTITY] = _read_identity(request, source)
        return answer(request)

    return identified


def _read_token(request: HttpRequest, source: SiteSource) -> Identity | None:
    from firstbreath.web.api.tokens import read_bearer  # tables can be named only once Django is configured

    return read_bearer(request, source.history().now.people)


def _read_identity(request: HttpRequest, source: SiteSource) -> Identity | None:
    user = get_user(request)
    if not user.is_authenticated or SEEN not in request.session:
        return None
    now = datetime.now(UTC)
    people: People = source.history().now.people
    account = people.get(user.get_username())
    how = _reason_to_end(request, account, now)
    if account is None or how:
        end_session(request, source, user.get_username(), how or "ended")
        return None
    if now - _seen(request) > timedelta(seconds=KEEP_S):
        request.session[SEEN] = now.isoformat()
    return Identity(account, now.date(), short_name(request))


def _reason_to_end(request: HttpRequest, account: Account | None, now: datetime) -> str:
    if account is None or account.closed:
        return "ended"
    return "idle" if now - _seen(request) > timedelta(minutes=IDLE_MINUTES) else ""


def _seen(request: HttpRequest) -> datetime:
    return datetime.fromisoformat(request.session[SEEN])


def end_session(request: HttpRequest, source: SiteSource, account: str, how: str) -> None:
    """End a session without its person, and write that down."""
    command = NoteSessionEnd(account=account, how="idle" if how == "idle" else "ended")
    if source.door is not None:
        origin = f"session {short_name(request)}"
        source.door.act(Request(command=command, actor=SITE_ITSELF, role=SYSTEM, source=origin))
    logout(request)


def short_name(request: HttpRequest) -> str:
    """A session's name as events carry it: it joins acts to a sign-in, and opens nothing."""
    return sha256((request.session.session_key or "").encode()).hexdigest()[:8]
