"""Where each key, element and text line of a TOML file stands. The text is known to be valid TOML."""

import re
import tomllib
from collections.abc import Iterator

import msgspec

Place = tuple[str | int, ...]
"""The way to a value: keys, and numbers from 0 for elements of lists and for lines of a multi-line text."""

_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
      | (?P<text>\"\"\"(?:[^"\\]|\\.|"(?!""))*+\"{3,5} | '''(?:[^']|'(?!''))*+'{3,5}
               | "(?:[^"\\\n]|\\.)*+" | '[^'\n]*+')
      | (?P<newline>\n)
      | (?P<space>[ \t\r]+)
      | (?P<mark>[\[\]{}=,.])
      | (?P<bare>[^\s\[\]{}=,."'#]+)""",
    re.VERBOSE | re.DOTALL,
)


class _Token(msgspec.Struct, frozen=True):
    kind: str
    text: str
    line: int


_END = _Token("end", "", 0)
_BETWEEN = ("newline", "comment")


def index_lines(text: str) -> dict[Place, int]:
    """The line (from 1) of every header, key, list element and line of a multi-line text, by place."""
    scanner = _Scanner(text)
    scanner.document()
    return scanner.lines


def _tokens(text: str) -> Iterator[_Token]:
    """The tokens of the text without blanks, and an end."""
    line = 1
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or "space"
        if kind != "space":
            yield _Token(kind, found[0], line)
        line += found[0].count("\n")
    yield _END


class _Scanner:
    """One walk over the tokens; `lines` is what it found. Nesting is bounded before it starts."""

    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text)
        self.token = next(self.tokens)
        self.lines: dict[Place, int] = {}
        self.counts: dict[Place, int] = {}

    def next(self) -> _Token:
        token, self.token = self.token, next(self.tokens, _END)
        return token

    def skip(self, *kinds: str) -> None:
        while self.token.kind in kinds:
            self.next()

    def record(self, place: Place, line: int) -> None:
        """A place, and every table around it that is named here first."""
        for length in range(len(place), 0, -1):
            if place[:length] in self.lines:
                return
            self.lines[place[:length]] = line

    def document(self) -> None:
        table: Place = ()
        self.skip(*_BETWEEN)
        while self.token.kind != "end":
            if self.token.text == "[":
                table = self.header()
            else:
                self.pair(table)
            self.skip(*_BETWEEN)

    def header(self) -> Place:
        line = self.next().line
        is_array = self.token.text == "["
        if is_array:
            self.next()
        place = self.place_of_header(self.key(), is_array=is_array)
        self.record(place, line)
        while self.token.text == "]":
            self.next()
        return place

    def place_of_header(self, parts: Place, *, is_array: bool) -> Place:
        """The full place of a table: a path through an array of tables goes to its latest element."""
        place: Place = ()
        for position, part in enumerate(parts, 1):
            place = (*place, part)
            if is_array and position == len(parts):
                self.counts[place] = self.counts.get(place, -1) + 1
            if place in self.counts:
                place = (*place, self.counts[place])
        return place

    def key(self) -> Place:
        """The parts of a dotted key, up to `=` or `]`."""
        parts: list[str] = []
        while self.token.kind in ("bare", "text") or self.token.text == ".":
            token = self.next()
            if token.kind == "text":
                parts.append(tomllib.loads(f"key = {token.text}")["key"])
            elif token.kind == "bare":
                parts.append(token.text)
        return tuple(parts)

    def pair(self, table: Place) -> None:
        line = self.token.line
        place = (*table, *self.key())
        self.record(place, line)
        self.next()
        self.value(place)

    def value(self, place: Place) -> None:
        match self.token:
            case _Token(text="["):
                self.array(place)
            case _Token(text="{"):
                self.inline_table(place)
            case _Token(kind="text"):
                self.text(place, self.next())
            case _:
                while self.token.kind == "bare" or self.token.text == ".":
                    self.next()

    def array(self, place: Place) -> None:
        self.next()
        number = 0
        self.skip(*_BETWEEN)
        while self.token.text != "]" and self.token.kind != "end":
            self.lines.setdefault((*place, number), self.token.line)
            self.value((*place, number))
            number += 1
            self.skip(*_BETWEEN)
            if self.token.text == ",":
                self.next()
            self.skip(*_BETWEEN)
        self.next()

    def inline_table(self, place: Place) -> None:
        self.next()
        self.skip(*_BETWEEN)
        while self.token.text != "}" and self.token.kind != "end":
            self.pair(place)
            if self.token.text == ",":
                self.next()
            self.skip(*_BETWEEN)
        self.next()

    def text(self, place: Place, token: _Token) -> None:
        """Each line of a multi-line text; a line break right after the opening marks is not part of it."""
        if token.text[:3] in ('"""', "'''"):
            first = token.line + (token.text[3:5].replace("\r", "").startswith("\n"))
            for number in range(token.line + token.text.count("\n") - first + 1):
                self.lines.setdefault((*place, number), first + number)
