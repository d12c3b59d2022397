"""Text made safe to print anywhere: what cannot be seen is written out, and nothing is left to interpretation."""

import unicodedata

KEPT = "\n\t"
HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Unicode categories that print nothing or are no characters: controls, direction marks, halves, private use."""

LONG_WORD = 22
"""Words of more characters than this may break anywhere: hashes, field names, slips of the keyboard."""


def has_long_word(text: str) -> bool:
    """Whether a text needs to break within a word to fit a column."""
    return any(len(word) > LONG_WORD for word in text.split())


def render_plain(text: str) -> str:
    """The text with every invisible character written out as its code point, `⟨U+202E⟩`; line ends and tabs stay."""
    if text.isprintable():
        return text
    text = text.replace("\r\n", "\n")
    return "".join(_render_character(character) for character in text)


def _render_character(character: str) -> str:
    if character in KEPT or unicodedata.category(character) not in HIDDEN:
        return character
    return render_code_point(character)


def render_code_point(character: str) -> str:
    """The number of a character, where the character itself cannot be shown: `⟨U+6F22⟩`."""
    return f"⟨U+{ord(character):04X}⟩"


def render_line(text: str) -> str:
    """The text on one line, every run of white space as one space."""
    return " ".join(render_plain(text).split())


def render_short(text: str, most: int) -> str:
    """The text on one line, cut with an ellipsis after that many characters."""
    line = render_line(text)
    return line if len(line) <= most else f"{line[: most - 1]}…"


def anchor(kind: str, name: str) -> str:
    """The name of a place in a document: `r-` and the name, each unsafe character as its code. No two names collide."""
    return f"{kind}-" + "".join(c if c.isascii() and (c.isalnum() or c in "._-") else f"~{ord(c):X}~" for c in name)
