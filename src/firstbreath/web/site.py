"""The WSGI application of a study, and the server that runs it."""

from collections.abc import Callable, Collection, Iterable
from importlib import import_module
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.core.handlers.wsgi import WSGIHandler
from waitress.server import create_server

from firstbreath.web.database import Database, use_database
from firstbreath.web.settings import HOSTS, MAX_UPLOAD_BYTES, configure_django
from firstbreath.web.source import SOURCE, SiteSource

THREADS = 4
MAX_HEADER_BYTES = 32_768
MAX_BODY_BYTES = MAX_UPLOAD_BYTES


def create_application(
    source: SiteSource,
    *,
    database: Database | None = None,
    secret: str = "",
    hosts: Collection[str] = HOSTS,
    tls: bool = False,
) -> WSGIApplication:
    """The site of a study as a WSGI application.

    database  of passwords and sessions; needed where people act. One process may hold several studies that are only
              read, and one on which people act.
    secret, hosts, tls  see `configure_django`
    """
    configure_django(secret=secret, hosts=hosts, tls=tls)
    if database is not None:
        use_database(database)
    import_module("firstbreath.web.urls")  # what is broken in it is found now, not by the first reader
    site = WSGIHandler()

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ[SOURCE] = source
        return site(environ, start_response)

    return application


def run_server(
    application: WSGIApplication,
    *,
    host: str = "127.0.0.1",
    port: int,
    when_listening: Callable[[str], None] = lambda _address: None,
) -> None:
    """Serve until interrupted.

    port            0 picks a free one
    when_listening  called once with the address, as soon as it answers
    Raises `OSError` when the port cannot be had.
    """
    server = create_server(
        application,
        host=host,
        port=port,
        threads=THREADS,
        ident="",
        max_request_header_size=MAX_HEADER_BYTES,
        max_request_body_size=MAX_BODY_BYTES,
    )
    try:
        when_listening(f"http://{host}:{server.effective_port}/")
        server.run()
    finally:
        server.close()
