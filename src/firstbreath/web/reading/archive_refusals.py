"""Why an archive could not be asked or did not answer, in plain words; no message ever holds a credential."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPException

from firstbreath.events.decisions import Reason

AGAIN = "Try again later; if it stays so, ask who runs the archive."
SETTINGS = "Correct the archive's address in the configuration of this server."


class ArchiveRefused(Exception):
    """The archive could not be asked, or what it answered was not taken."""

    def __init__(self, code: str, text: str, fix: str) -> None:
        super().__init__(f"{text} {fix}")
        self.reason = Reason(code, text, fix)


@contextmanager
def said_plainly(host: str) -> Iterator[None]:
    """Turn what goes wrong on the way to a host into an `ArchiveRefused`; the error's own text is never repeated."""
    try:
        yield
    except ssl.SSLCertVerificationError as wrong:
        text = f"The certificate of the archive {host} was not accepted: {wrong.verify_message}."
        raise ArchiveRefused("DWEB-005", text, "Ask who runs the archive for its certificate authority.") from None
    except ssl.SSLError:
        text = f"The archive {host} could not agree on an encrypted connection."
        raise ArchiveRefused(
            "DWEB-005", text, "Look whether its address should begin with http or has another port."
        ) from None
    except TimeoutError:
        raise ArchiveRefused("DWEB-006", f"The archive {host} did not answer in time.", AGAIN) from None
    except OSError as wrong:
        why = wrong.strerror or type(wrong).__name__
        text = f"The archive {host} cannot be reached: {why[:1].lower()}{why[1:]}."
        raise ArchiveRefused("DWEB-004", text, f"Look whether it is running. {AGAIN}") from None
    except HTTPException as wrong:
        text = f"The archive {host} broke off its answer or does not speak HTTP ({type(wrong).__name__})."
        raise ArchiveRefused("DWEB-013", text, AGAIN) from None


def refusal_of(host: str, status: int, location: str) -> ArchiveRefused:
    """Why an answer of this status was not taken.

    location  the host a redirect leads to, or empty
    """
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.PROXY_AUTHENTICATION_REQUIRED):
        text = f"The archive {host} does not let this server in (status {status})."
        return ArchiveRefused(
            "DWEB-007", text, "Correct the archive's credentials in the configuration of this server."
        )
    if 300 <= status < 400:
        text = f"The archive {host} sends on to {location or 'another address'}, where this server does not follow."
        return ArchiveRefused("DWEB-008", text, SETTINGS)
    if status == HTTPStatus.NOT_FOUND:
        text = f"The archive {host} has nothing under this address, study or series (status 404)."
        return ArchiveRefused(
            "DWEB-009", text, "Search again; if every search says this, correct the archive's address."
        )
    return ArchiveRefused("DWEB-010", f"The archive {host} answered with an error (status {status}).", AGAIN)
