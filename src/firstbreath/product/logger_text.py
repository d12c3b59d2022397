"""The text in a logger's file: its encoding, its lines, and what is no text at all.

Names to know: `decode_content`, `split_lines`.
"""

from collections.abc import Iterator

from firstbreath.product.logger_values import MAX_BYTES, LoggerFinding, LoggerRefusal

CHUNK = 1 << 16
GB_WORDS = ("温度", "时间", "日期", "℃")
EXPORTS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF report"),
    (b"PK\x03\x04", "a spreadsheet (XLSX) or another zip"),
    (b"\xd0\xcf\x11\xe0", "a spreadsheet (XLS)"),
    (b"{\\rtf", "a rich text"),
    (b"{", "JSON"),
    (b"[{", "JSON"),
    (b"<", "XML or HTML"),
)
AS_CSV = "Open it in the logger's own program and export the readings as CSV or as text."


def decode_content(content: bytes) -> tuple[str, str, tuple[LoggerFinding, ...]]:
    """The text, its encoding, and what is to be said about it.

    Raises `LoggerRefusal` when the content is empty, too large, no text, or ends within a character.
    """
    if len(content) > MAX_BYTES:
        millions = f"{len(content) / 1e6:.0f} MB, the limit is {MAX_BYTES / 1e6:.0f} MB"
        raise LoggerRefusal("LOG-SIZE", 0, f"The file has {millions}.", "Export a shorter span of time.")
    if not content.strip():
        raise LoggerRefusal("LOG-EMPTY", 0, "The file is empty.", "Export it again.")
    for start, name in EXPORTS:
        if content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(start):
            raise LoggerRefusal("LOG-KIND", 0, f"The file is {name}, not a table in text.", AS_CSV)
    text, encoding = _decode(content)
    control = sum(text.count(chr(code)) for code in range(32) if code not in (9, 10, 12, 13))
    if "\0" in text or control > len(text) // 1000:
        raise LoggerRefusal("LOG-KIND", 0, "The file is no text: it holds the logger's own binary form.", AS_CSV)
    if encoding.startswith("utf"):
        return text, encoding, ()
    message = f"The file is not in UTF-8; it was read as {encoding}."
    return text, encoding, (LoggerFinding("LOG-ENCODING", 0, message, "Check the signs in names and comments."),)


def _decode(content: bytes) -> tuple[str, str]:
    wide = _wide_encoding(content)
    if wide:
        if len(content) % 2:
            raise _cut()
        return content.decode(wide, "replace").removeprefix("\ufeff"), wide
    try:
        return content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError as wrong:
        if wrong.end == len(content) and wrong.reason == "unexpected end of data":
            raise _cut() from None
    return _decode_narrow(content)


def _decode_narrow(content: bytes) -> tuple[str, str]:
    """Bytes that are no UTF-8: Chinese when known words appear, else as in western Europe."""
    for encoding in ("gb18030", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "cp1252" or any(word in text[:20_000] for word in GB_WORDS):
            return text, encoding
    return content.decode("latin-1"), "latin-1"


def _wide_encoding(content: bytes) -> str:
    """UTF-16 by its mark, or by the zeros that western text has in every second byte."""
    if content.startswith(b"\xff\xfe") and content[2:4] != b"\0\0":
        return "utf-16-le"
    if content.startswith(b"\xfe\xff"):
        return "utf-16-be"
    head = content[:4000]
    even, odd, half = head[::2].count(0), head[1::2].count(0), max(len(head) // 2, 1)
    if odd > 0.6 * half and not even:
        return "utf-16-le"
    return "utf-16-be" if even > 0.6 * half and not odd else ""


def _cut() -> LoggerRefusal:
    message = "The file ends in the middle of a line: its last character is not whole."
    return LoggerRefusal("LOG-CUT", 0, message, "Copy or export the file again.")


def split_lines(text: str) -> Iterator[str]:
    """The lines without their ends (LF, CR LF or CR), a chunk at a time so that no list of all is held."""
    mark = "\n" if "\n" in text else "\r"
    place = 0
    while place < len(text):
        end = text.find(mark, place + CHUNK)
        end = len(text) if end < 0 else end
        chunk = text[place:end]
        place = end + 1
        yield from (chunk.replace("\r\n", "\n").replace("\r", "\n") if "\r" in chunk else chunk).split("\n")
