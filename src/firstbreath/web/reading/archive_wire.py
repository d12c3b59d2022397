"""One question to an archive and its answer, within limits of size and time.

http.client is used for what it does not do: it follows no redirect, asks no proxy and reads no file of credentials.
dicomweb-client 0.61 follows a redirect to any host and takes an answer that was cut off for a whole one; it is what the
tests compare with.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit

import msgspec

from firstbreath.web.reading.archive_address import Address
from firstbreath.web.reading.archive_refusals import ArchiveRefused, refusal_of, said_plainly

CHUNK_BYTES = 262_144
TAKEN = (HTTPStatus.OK, HTTPStatus.ACCEPTED, HTTPStatus.NO_CONTENT, HTTPStatus.CONFLICT)
"""Other answers are refusals; a conflict says in its body why nothing was stored."""


class Limits(msgspec.Struct, frozen=True):
    """What is taken from an archive at most, and how long it may take, in seconds.

    wait_s   for each piece of an answer
    whole_s  for an answer from its first to its last byte
    """

    instances: int = 5_000
    series_bytes: int = 2_000_000_000
    instance_bytes: int = 600_000_000
    listing_bytes: int = 16_000_000
    wait_s: float = 30
    whole_s: float = 3_600


class Question(msgspec.Struct, frozen=True):
    """What is asked of an archive; `path` begins after its root."""

    path: str
    accept: str
    body: bytes | None = None
    content_type: str = ""


class Wire(msgspec.Struct, frozen=True):
    """The way to an archive; `authorization` is the header of that name, and never shown."""

    address: Address
    authorization: str
    limits: Limits
    context: ssl.SSLContext | None = None

    def __repr__(self) -> str:
        return f"Wire({self.address.shown})"


class Answer:
    """What an archive answers, read in pieces."""

    def __init__(self, wire: Wire, response: HTTPResponse) -> None:
        self._wire, self._response = wire, response
        self._until = time.monotonic() + wire.limits.whole_s
        self.status = response.status
        self.content_type = response.getheader("Content-Type", "")

    def pieces(self, limit: int) -> Iterator[bytes]:
        """The bytes as they come.

        Raises `ArchiveRefused` beyond `limit` bytes or the time that an answer may take.
        """
        host, taken = self._wire.address.shown, 0
        while True:
            with said_plainly(host):
                piece = self._response.read1(CHUNK_BYTES)
            if not piece:
                return
            taken += len(piece)
            if taken > limit:
                text = f"The answer of the archive {host} is larger than {limit:,} bytes, the limit of this server."
                raise ArchiveRefused("DWEB-012", text, "Narrow the search, or import the scan as a folder.")
            if time.monotonic() > self._until:
                text = f"The archive {host} took longer than {self._wire.limits.whole_s:g} seconds."
                raise ArchiveRefused("DWEB-006", text, "Try again when the network is less busy.")
            yield piece

    def whole(self) -> bytes:
        """All bytes of a listing."""
        return b"".join(self.pieces(self._wire.limits.listing_bytes))


@contextmanager
def asked(wire: Wire, question: Question) -> Iterator[Answer]:
    """The answer to a question, open until the end of the block.

    Raises `ArchiveRefused` when there is none, or one that says no.
    """
    address = wire.address
    connection = _connection(wire)
    try:
        with said_plainly(address.shown):
            method = "GET" if question.body is None else "POST"
            connection.request(method, address.path + question.path, question.body, _headers(wire, question))
            response = connection.getresponse()
        if response.status not in TAKEN:
            leads_to = urlsplit(response.getheader("Location", "")).hostname or ""
            raise refusal_of(address.shown, response.status, leads_to[:100])
        if response.getheader("Content-Encoding", "identity") != "identity":
            text = f"The archive {address.shown} compressed its answer, which it was not asked to."
            raise ArchiveRefused("DWEB-011", text, "Have compression switched off for DICOMweb.")
        yield Answer(wire, response)
    finally:
        connection.close()


def _connection(wire: Wire) -> HTTPConnection:
    address, wait = wire.address, wire.limits.wait_s
    if not address.secure:
        return HTTPConnection(address.host, address.port, timeout=wait)
    context = wire.context or ssl.create_default_context()
    return HTTPSConnection(address.host, address.port, timeout=wait, context=context)


def _headers(wire: Wire, question: Question) -> Mapping[str, str]:
    headers = {"Accept": question.accept, "Accept-Encoding": "identity"}
    if question.content_type:
        headers["Content-Type"] = question.content_type
    if wire.authorization:
        headers["Authorization"] = wire.authorization
    return headers
