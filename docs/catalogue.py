"""The catalogue of what the site says: every text of its templates, with its translation where there is one.

`python -m docs.build` keeps `locale/zh_Hans/LC_MESSAGES/django.po` complete and compiles `django.mo` beside it. A text
without a translation is shown in English.
"""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from firstbreath.people.rights import ROLES
from firstbreath.protocol.entries import NULL_FLAVOURS
from firstbreath.web.entry import SITE_FLAVOURS
from firstbreath.web.pages.navigation import LINKS

WEB = Path(__file__).parent.parent / "src" / "firstbreath" / "web"
PLACE = WEB / "locale" / "zh_Hans" / "LC_MESSAGES"
HEADER = """\
# What the site says, in Simplified Chinese. Written by `make docs`: translate here, and leave the rest to it.
msgid ""
msgstr ""
"Language: zh_Hans\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""
NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)
"""In place of the time of compiling: the same catalogue gives the same bytes."""
UNITS = ("years", "days", "points")
SPOKEN = (*(link.words for link in LINKS), *ROLES.values(), *(NULL_FLAVOURS[code] for code in SITE_FLAVOURS),
          "yes", "no", *UNITS)  # fmt: skip
"""What is translated by a variable: no template holds the text itself."""
Text = str | tuple[str, str]
"""A text, or its singular and plural."""

_TRANSLATE = re.compile(r"""\{%\s*translate\s+(?:"([^"]*)"|'([^']*)')""")
_FILTER = re.compile(r"""_\((?:"([^"]*)"|'([^']*)')\)""")
_BLOCK = re.compile(r"\{%\s*blocktranslate\b([^%]*)%\}(.*?)\{%\s*endblocktranslate\s*%\}", re.DOTALL)
_PLURAL = re.compile(r"\{%\s*plural\s*%\}")
_NAME = re.compile(r"\{\{\s*([\w.]+)[^}]*\}\}")
_GETTEXT = re.compile(r"""\bgettext(?:_lazy)?\(\s*(?:"([^"]*)"|'([^']*)')""")


def find_texts() -> set[Text]:
    """Every text that the site can say through its catalogue."""
    found: set[Text] = {*SPOKEN}
    for template in sorted((WEB / "templates").rglob("*.html")):
        found |= {*_texts_of(template.read_text(encoding="utf-8"))}
    for module in sorted(WEB.rglob("*.py")):
        found |= {a or b for a, b in _GETTEXT.findall(module.read_text(encoding="utf-8"))}
    return found


def _texts_of(template: str) -> Iterator[Text]:
    for pattern in (_TRANSLATE, _FILTER):
        yield from (a or b for a, b in pattern.findall(template))
    for options, inside in _BLOCK.findall(template):
        forms = [_as_message(part, trimmed="trimmed" in options.split()) for part in _PLURAL.split(inside)]
        yield (forms[0], forms[1]) if len(forms) == 2 else forms[0]


def _as_message(text: str, *, trimmed: bool) -> str:
    """The text as Django asks the catalogue for it."""
    said = _NAME.sub(r"%(\1)s", text.replace("%", "%%"))
    return " ".join(line.strip() for line in said.splitlines() if line.strip()) if trimmed else said


def render_catalogue() -> str:
    """The catalogue as it should stand: every text in order, with the translation it has now."""
    known = read_catalogue()
    entries = [HEADER]
    for text in sorted(find_texts(), key=str):
        message = known.get(text)
        said = message.string if message else ""
        if isinstance(text, tuple):
            first = said[0] if isinstance(said, tuple | list) and said else ""
            entries.append(f"msgid {_quoted(text[0])}\nmsgid_plural {_quoted(text[1])}\nmsgstr[0] {_quoted(first)}\n")
        else:
            entries.append(f"msgid {_quoted(text)}\nmsgstr {_quoted(said if isinstance(said, str) else '')}\n")
    return "\n".join(entries)


def read_catalogue() -> Catalog:
    """The catalogue as it stands."""
    path = PLACE / "django.po"
    return read_po(io.BytesIO(path.read_bytes() if path.exists() else HEADER.encode()), locale="zh_Hans")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def compile_catalogue(text: str) -> bytes:
    """The catalogue as the site loads it."""
    compiled, catalogue = io.BytesIO(), read_po(io.BytesIO(text.encode()), locale="zh_Hans")
    catalogue.creation_date = catalogue.revision_date = NO_DATE
    write_mo(compiled, catalogue)
    return compiled.getvalue()


def write_catalogue() -> None:
    """Bring both files up to date."""
    text = render_catalogue()
    (PLACE / "django.po").write_text(text, encoding="utf-8")
    (PLACE / "django.mo").write_bytes(compile_catalogue(text))


def is_stale() -> bool:
    """Whether either file differs from what it should be."""
    text = render_catalogue()
    stands = (PLACE / "django.po").read_text(encoding="utf-8"), (PLACE / "django.mo").read_bytes()
    return stands != (text, compile_catalogue(text))
