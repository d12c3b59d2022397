"""The words and signs that a rule is made of. Whatever is not on this list ends the reading."""

import re
from decimal import Decimal

_WORD = re.compile(
    r"""[ \t\n]*(?: (?P<text>"[^"\\\n]*"|'[^'\\\n]*')
                | (?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?![\w.])
                | (?P<name>[A-Za-z_][A-Za-z0-9_]*)(?![\w"'])
                | (?P<sign><=|>=|==|!=|[<>()\[\],-]) )""",
    re.VERBOSE,
)
_REFUSED_SIGNS = {
    ".": "an attribute",
    "#": "a comment",
    "=": "an assignment (a comparison is written ==)",
    ":": "a colon",
    **dict.fromkeys("+*/%", "arithmetic"),
    **dict.fromkeys("&|^~!", "a sign of logic (write and, or, not)"),
    **dict.fromkeys("{}", "a brace"),
    **dict.fromkeys("\"'\\", "a text that does not end, holds a backslash, or follows a letter"),
}
_KEYWORDS = ("and", "or", "not", "in")


def find_refused_word(text: str) -> str:
    """The first word or sign of a text that a rule must not hold, as a message can name it; or nothing."""
    last: re.Match[str] | None = None
    position = 0
    while position < len(text):
        word = _WORD.match(text, position)
        wrong = _wrong_word(word, last) if word else _refused_sign(text[position:])
        if wrong or word is None:
            return wrong
        last, position = word, word.end()
    return ""


def _wrong_word(word: re.Match[str], last: re.Match[str] | None) -> str:
    """What is wrong with a word after the one before it, or nothing."""
    if word["sign"] == "(" and last and last["name"] and last["name"] not in _KEYWORDS:
        return f"a call ({last['name']})"
    if word["text"] and last and last["text"]:
        return "a text right after a text"
    if word["text"] and not word["text"].isprintable():
        return "a text with a character that cannot be printed"
    if word["number"] and Decimal(word["number"]) != number_of(float(word["number"])):
        return f"{word['number']}, with more digits than can be compared exactly,"
    return ""


def _refused_sign(rest: str) -> str:
    sign = rest.lstrip(" \t\n")[0]
    if sign.isdigit():
        return "a number that runs into a letter or a point"
    if sign.isalpha() or sign == "_":
        return "a name with letters beyond a to z, or a letter before a quote,"
    return _REFUSED_SIGNS.get(sign, "a character that no rule needs")


def number_of(value: float) -> Decimal:
    """The exact number of a literal."""
    return Decimal(str(value))
