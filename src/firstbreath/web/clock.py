"""Times of the clinic on a form: entered as the clocks of the site tell them, recorded with their zone."""

from datetime import datetime, tzinfo

from django.http import HttpRequest

from firstbreath.protocol.values import Protocol
from firstbreath.protocol.zones import zone_name_of, zone_of
from firstbreath.web.moment import source_of


def now_of(request: HttpRequest) -> datetime:
    """The time by the server's clock, the one the log is written by."""
    door = source_of(request).door
    assert door is not None  # noqa: S101 -- acts are shown only where there is a door
    return door.clock()


def local_text(moment: datetime, zone: tzinfo) -> str:
    """A time as a field of a page holds it, to the minute, by the clocks of a zone."""
    return moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M")


def parse_local(text: str, protocol: Protocol, site: str) -> str:
    """What a field of a page holds, as the log keeps it: ISO 8601 with the offset of the site; empty stays empty.

    Raises `ValueError` with a message for the reader.
    """
    if not text.strip():
        return ""
    try:
        moment = datetime.fromisoformat(text.strip()[:40])
    except ValueError:
        msg = f"“{text[:40]}” is no time such as 2020-03-16T09:30."
        raise ValueError(msg) from None
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=zone_of(protocol, site))
    return zoned.isoformat(timespec="minutes")


def zone_words(protocol: Protocol, site: str) -> str:
    """The zone of a site as a page names it."""
    return zone_name_of(protocol, site).replace("_", " ")
