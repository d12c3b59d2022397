"""A moment of the log as people name it: an event's number, or a time."""

from datetime import UTC, datetime, timedelta

MAX_CHARACTERS = 40
A_DAY = timedelta(days=1)
CLOCKS_DIFFER = timedelta(minutes=10)
"""How far a bedside clock may be ahead of the server's."""


def parse_moment(text: str) -> int | datetime | None:
    """An event number, a time (UTC when it names no zone), or None for an empty text.

    Raises `ValueError` with a message for the reader for anything else.
    """
    text = text.strip()
    if not text:
        return None
    if len(text) <= MAX_CHARACTERS and text.isascii() and text.isdecimal():
        return int(text)
    try:
        # A plus sign in an address means a space: the zone of a time is meant.
        moment = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        msg = f"“{text[:MAX_CHARACTERS]}” is neither an event number nor a time such as 2022-05-26T00:01Z."
        raise ValueError(msg) from None


def complain_of_occurred(text: str, now: datetime) -> str:
    """Why a text is no clinical time that lies in the past, or empty when it is one.

    It is an ISO 8601 date, a time with a zone, or an interval of two of them of which one may be left open.
    """
    parts = text.split("/")
    if not text:
        return ""
    if len(parts) > 2 or not any(parts):
        return f"{text!r} is no ISO 8601 date, time or interval."
    try:
        moments = [_moment_of(part) for part in parts if part]
    except ValueError as wrong:
        return f"{text!r} {wrong}"
    if moments != sorted(moments):
        return f"{text!r} ends before it begins."
    last = parts[-1] or parts[0]
    # A date alone may be tomorrow's already, east of the server.
    if moments[-1] > now + (A_DAY if len(last) == len("2020-03-16") else CLOCKS_DIFFER):
        return f"{text!r} lies in the future. Say when it happened."
    return ""


def _moment_of(part: str) -> datetime:
    try:
        moment = datetime.fromisoformat(part)
    except ValueError:
        msg = "is no ISO 8601 date, time or interval."
        raise ValueError(msg) from None
    if moment.tzinfo is None and len(part) > len("2020-03-16"):
        msg = "has no time zone. Add one, such as +08:00."
        raise ValueError(msg)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
