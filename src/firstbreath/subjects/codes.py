"""Subject codes: what may stand for a person, and what must never be repeated."""

import re

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,19}")


def is_code(text: str) -> bool:
    """Whether a text can be a subject code: letters, digits and hyphens, at most 20."""
    return CODE.fullmatch(text) is not None


def shown_code(text: str) -> str:
    """The code, or words in its place: a text that is no code may be a name, and is repeated nowhere."""
    return text if is_code(text) else "(not a code)"
