"""The WSGI application of a study, and the server that runs it."""

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import FrameType
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.core.handlers.wsgi import WSGIHandler
from waitress import wasyncore
from waitress.server import create_server

from firstbreath.web.database import Database, use_database
from firstbreath.web.hosting import Hosting
from firstbreath.web.settings import MAX_SCAN_BYTES, MAX_UPLOAD_BYTES, configure_django
from firstbreath.web.source import SOURCE, SiteSource
from firstbreath.web.spill import seal_spill

THREADS = 4
MAX_HEADER_BYTES = 32_768
MAX_BODY_BYTES = MAX_SCAN_BYTES + MAX_UPLOAD_BYTES
"""Beyond what a page takes, so that up to here a page says so; beyond this the server hangs up with a line of text."""
DRAIN_S = 10
READ_HERE = Hosting()
"""This machine alone, plain HTTP."""


def create_application(
    source: SiteSource, *, database: Database | None = None, secret: str = "", hosting: Hosting = READ_HERE
) -> WSGIApplication:
    """The site of a study as a WSGI application.

    database  of passwords and sessions; needed where people act. One process may hold several studies that are only
              read, and one on which people act.
    secret    see `configure_django`
    hosting   the names and the transport by which it is reached
    """
    configure_django(secret=secret, hosts=hosting.hosts, tls=hosting.tls)
    if database is not None:
        use_database(database)
    if hosting.noted:
        logging.getLogger("firstbreath.requests").setLevel(logging.INFO)
    import_module("firstbreath.web.urls")  # what is broken in it is found now, not by the first reader
    site = WSGIHandler()

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ[SOURCE] = source
        return site(environ, start_response)

    return application


def run_server(
    application: WSGIApplication,
    *,
    port: int,
    hosting: Hosting = READ_HERE,
    when_listening: Callable[[str], None] = lambda _address: None,
) -> None:
    """Serve until interrupted or told to end; whoever is being answered then gets the whole answer.

    port            0 picks a free one
    when_listening  called once with the address, as soon as it answers
    Raises `OSError` when the port cannot be had.
    """
    seal_spill()
    server = create_server(
        application,
        host=hosting.host,
        port=port,
        threads=THREADS,
        ident="",
        max_request_header_size=MAX_HEADER_BYTES,
        max_request_body_size=MAX_BODY_BYTES,
        **hosting.server_options,
    )
    try:
        when_listening(f"{hosting.address}:{server.effective_port}/")
        with ended_by(signal.SIGTERM):
            server.run()
        send_what_is_left(server)
    finally:
        server.close()


@contextmanager
def ended_by(told: signal.Signals) -> Iterator[None]:
    """A signal as an interruption, where signals can be heard at all: in a process's main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(told, interrupt)
    try:
        yield
    finally:
        signal.signal(told, before)


def send_what_is_left(server: Any) -> None:
    """Send the answers that were made but not yet sent; nobody new is let in."""
    until = time.monotonic() + DRAIN_S
    while time.monotonic() < until:
        waiting = {fd: channel for fd, channel in server.active_channels.items() if channel.total_outbufs_len}
        if not waiting:
            return
        wasyncore.loop(timeout=0.1, map=waiting, use_poll=True, count=1)
