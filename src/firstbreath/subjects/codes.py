"""Subject codes: what may stand for a person, and what must never be repeated."""

import itertools
import re
from collections.abc import Sequence

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,19}")
_NUMBERED = re.compile(r"(.*?)([0-9]{1,9})")


def is_code(text: str) -> bool:
    """Whether a text can be a subject code: letters, digits and hyphens, at most 20."""
    return CODE.fullmatch(text) is not None


def shown_code(text: str) -> str:
    """The code, or words in its place: a text that is no code may be a name, and is repeated nowhere."""
    return text if is_code(text) else "(not a code)"


def suggest_code(taken: Sequence[str]) -> str:
    """The next free code after the last one that ends in a number, with as many digits; S1 where there is none.

    taken  the codes of all subjects in the order of screening
    """
    found = next((match for code in reversed(taken) if (match := _NUMBERED.fullmatch(code))), None)
    stem, digits = (found[1], found[2]) if found else ("S", "0")
    numbers = itertools.count(int(digits) + 1)
    return next(code for number in numbers if (code := f"{stem}{number:0{len(digits)}d}") not in taken)
