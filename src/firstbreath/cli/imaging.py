"""The archive of images that the environment names: its password is in no file and in no list of processes."""

import os

from firstbreath.cli.exits import Exit, Stop
from firstbreath.web.reading.archive_address import host_of
from firstbreath.web.reading.archive_refusals import ArchiveRefused
from firstbreath.web.reading.dicomweb import Archive

URL = "FIRSTBREATH_ARCHIVE_URL"
AUTHORIZATION = "FIRSTBREATH_ARCHIVE_AUTHORIZATION"
PLAIN_HTTP = "FIRSTBREATH_ARCHIVE_PLAIN_HTTP"
NO, YES = ("", "0"), "1"


def archive_of_environment() -> Archive | None:
    """The archive, or None where none is named; no other host is ever contacted.

    Raises `Stop` when what is set cannot be meant; what it says holds no password.
    """
    url, authorization, plain = (os.environ.get(name, "").strip() for name in (URL, AUTHORIZATION, PLAIN_HTTP))
    if plain not in (*NO, YES):
        raise Stop(Exit.USAGE, f"{PLAIN_HTTP} is neither 1 nor 0.", "Set it to 1 if the archive is asked in the clear.")
    if not url:
        if authorization or plain == YES:
            raise Stop(Exit.USAGE, f"Settings of an archive are there, and {URL} is not.", "Set it, or unset them.")
        return None
    try:
        return Archive(url, allowed={host_of(url)}, authorization=authorization, plain_http=plain == YES)
    except ArchiveRefused as refused:
        raise Stop(Exit.USAGE, f"{URL}: {refused.reason.text}", refused.reason.fix) from None
