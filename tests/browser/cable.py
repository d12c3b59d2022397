"""A cable between a browser and a server, which a test can pull out."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit


class Cable:
    """Passes on whatever comes, both ways, until it is pulled out."""

    def __init__(self, site: str) -> None:
        place = urlsplit(site)
        self._to = (place.hostname, place.port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._ends: list[socket.socket] = []
        self._out = False
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> str:
        """The site as it is reached through the cable."""
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def plug(self) -> None:
        """Let connections through again."""
        self._out = False

    def pull(self) -> None:
        """Break every connection, and every new one: a browser asks again on its own."""
        self._out = True
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._ends.clear()

    def close(self) -> None:
        self._listening.close()
        self.pull()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                if self._out:
                    near.close()
                    continue
                far = socket.create_connection(self._to)
                self._ends += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=_pass_on, args=(one, other), daemon=True).start()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while piece := one.recv(65_536):
            other.sendall(piece)
    for end in (one, other):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@contextmanager
def cable_to(site: str) -> Iterator[Cable]:
    """A cable to a site, pulled out with the block."""
    cable = Cable(site)
    try:
        yield cable
    finally:
        cable.close()
