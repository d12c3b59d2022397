"""What a temperature logger's file says, as values.

Names to know: `LoggerFile`, `LoggerAnswers`, `LoggerFinding`, `Asked`, `LoggerRefusal`.
"""

from array import array
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec

MAX_BYTES = 200_000_000
MAX_ROWS = 2_000_000
MAX_MARKS = 10_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Unit = Literal["", "C", "F"]


class Reading(msgspec.Struct, frozen=True, gc=False):
    """One temperature: when (UTC), and how warm in degrees Celsius."""

    at: datetime
    celsius: float


class Asked(msgspec.Struct, frozen=True):
    """What the file leaves open: zone, unit, day_first or sensor; the question; the answers there are, if few."""

    what: str
    text: str
    choices: tuple[str, ...] = ()


class LoggerAnswers(msgspec.Struct, frozen=True):
    """What the person who brings the file answered; empty where they did not.

    zone       an IANA name or an offset such as UTC+08:00
    unit       C or F
    day_first  whether 03/04 is the third of April
    sensor     one of `LoggerFile.sensors`
    """

    zone: str = ""
    unit: Unit = ""
    day_first: bool | None = None
    sensor: str = ""


class LoggerFinding(msgspec.Struct, frozen=True):
    """What is to be known about the file: a code, the line (0: the whole file), what is so, what to do."""

    code: str
    line: int
    message: str
    fix: str


class LoggerRefusal(Exception):
    """The file cannot be read; carries the finding that says why. Never leaves `read_logger_file`."""

    def __init__(self, code: str, line: int, message: str, fix: str) -> None:
        super().__init__(message)
        self.finding = LoggerFinding(code, line, message, fix)


class LoggerFile(msgspec.Struct, frozen=True):
    """A logger's file as read.

    maker, serial         empty where the file does not say
    unit, zone            as the cells are written in; the readings are in Celsius and UTC
    dates                 the order of day, month and year that was understood
    sensors               the columns of temperature; `sensor` is the one that was read
    encoding, separator, decimal   how the text is written
    seconds, celsius      shape (readings,), in the order of the file; seconds since 1970-01-01 UTC
    marks                 (when, text) of the cells of events, marks and comments
    errors                (line, text) of the cells that hold no reading
    interval_s            the most common step in seconds, 0 with fewer than two readings
    start_delay           how many readings at the beginning are flagged as before the start
    asked                 what must be answered first; then there are no readings
    findings              what is wrong or worth knowing; when there are no readings, why
    """

    maker: str = ""
    serial: str = ""
    unit: str = ""
    zone: str = ""
    dates: str = ""
    sensors: tuple[str, ...] = ()
    sensor: str = ""
    encoding: str = ""
    separator: str = ""
    decimal: str = ""
    seconds: "array[float]" = msgspec.field(default_factory=lambda: array("d"))
    celsius: "array[float]" = msgspec.field(default_factory=lambda: array("d"))
    marks: tuple[tuple[datetime, str], ...] = ()
    errors: tuple[tuple[int, str], ...] = ()
    interval_s: int = 0
    start_delay: int = 0
    asked: tuple[Asked, ...] = ()
    findings: tuple[LoggerFinding, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether the file cannot be read, whatever is answered."""
        return not self.asked and not self.seconds

    def readings(self) -> Iterator[Reading]:
        """The readings one by one, in the order of the file."""
        for seconds, celsius in zip(self.seconds, self.celsius, strict=True):
            yield Reading(moment_of(seconds), celsius)


def moment_of(seconds: float) -> datetime:
    """The moment so many seconds after 1970 began in UTC."""
    return EPOCH + timedelta(seconds=seconds)
