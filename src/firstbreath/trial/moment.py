"""A moment of the log as people name it: an event's number, or a time."""

from datetime import UTC, datetime

MAX_CHARACTERS = 40


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
