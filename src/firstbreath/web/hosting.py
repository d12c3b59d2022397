"""Where a site is reached, and what must hold there."""

import re
from collections.abc import Callable
from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from firstbreath.web.settings import HOSTS

Answer = Callable[[HttpRequest], HttpResponse]
LOOPBACK = ("localhost", "127.0.0.1", "::1")
HSTS = "max-age=31536000; includeSubDomains"
_HOST = re.compile(r"(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")


class Hosting(msgspec.Struct, frozen=True, kw_only=True):
    """Where the server listens and how it is reached.

    names     host names under which it may be asked for, beside those of this machine
    tls       whether a proxy in front speaks HTTPS; what it forwards of plain HTTP is refused
    proxy     the address of that proxy: what others say about themselves is not believed
    called    what it is called where its address is said
    noted     whether each request is written to standard error
    """

    host: str = "127.0.0.1"
    port: int = 8000
    names: tuple[str, ...] = ()
    tls: bool = False
    proxy: str = "127.0.0.1"
    called: str = "The site"
    noted: bool = False

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host in LOOPBACK

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every name under which it may be asked for."""
        own = () if self.loopback or self.host in ("0.0.0.0", "::") else (self.host,)  # noqa: S104 -- compared only
        return (*HOSTS, *own, *self.names)

    @property
    def address(self) -> str:
        """The beginning of its addresses, without the port."""
        return f"http://[{self.host}]" if ":" in self.host else f"http://{self.host}"

    @property
    def server_options(self) -> dict[str, Any]:
        """What the server is told of the proxy; without one, whatever a client forwards is dropped."""
        if not self.tls:
            return {}
        return {
            "trusted_proxy": self.proxy,
            "trusted_proxy_headers": {"x-forwarded-proto", "x-forwarded-for"},
            "clear_untrusted_proxy_headers": True,
        }


def is_host_name(text: str) -> bool:
    """Whether a text is one host name, or an address in figures."""
    return _HOST.fullmatch(text) is not None


def demand_tls(answer: Answer) -> Answer:
    """Middleware: where the site is reached over HTTPS, nothing else is answered but the health check."""

    def demanded(request: HttpRequest) -> HttpResponse:
        if not settings.SESSION_COOKIE_SECURE or request.is_secure():
            response = answer(request)
            if request.is_secure() and settings.SESSION_COOKIE_SECURE:
                response.headers["Strict-Transport-Security"] = HSTS
            return response
        if request.path == "/health":
            return answer(request)
        words = "This site is reached over HTTPS alone. Ask for the same address with https:// in front.\n"
        return HttpResponse(words, status=403, content_type="text/plain; charset=utf-8")

    return demanded
