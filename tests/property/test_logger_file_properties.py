"""A logger's file: any bytes get an answer, what was written is read back, nothing is read while a question is open."""

import math
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from firstbreath.product.logger_files import LoggerAnswers, LoggerFile, read_logger_file

ANSWERS = st.builds(
    LoggerAnswers,
    zone=st.sampled_from(["", "UTC", "Europe/Berlin", "UTC+08:00", "America", "../etc"]) | st.text(max_size=8),
    unit=st.sampled_from(["", "C", "F"]),
    day_first=st.sampled_from([None, True, False]),
    sensor=st.sampled_from(["", "column 2", "Temp"]),
)
PIECES = st.sampled_from(
    ["2024-03-05 08:00", "05/03/24", "11:59:59 PM", "08:00", "-78.5", "5,3", "°C", "Time (UTC)", "Temp", "---", "NaN",
     "1e309", '"', ";", ",", "\t", "|", "\n", "\r\n", "\r", "\0", "\ufeff", "Serial", "x" * 200, "2024-10-27 02:30",
     "٣", "99/99/9999 99:99", "Europe/Berlin", "Time zone", "+14:00", "Z", " "]
)  # fmt: skip
ZONES = {"UTC": UTC, "UTC+08:00": ZoneInfo("Etc/GMT-8"), "Asia/Shanghai": ZoneInfo("Asia/Shanghai"),
         "Europe/Berlin": ZoneInfo("Europe/Berlin")}  # fmt: skip
START = datetime(2015, 1, 1, tzinfo=UTC)
STAMPS = ("%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%m/%d/%y %I:%M:%S %p", "%d-%b-%Y %H:%M:%S",
          "%Y-%m-%dT%H:%M:%S%z", "%Y/%m/%d{}%H:%M:%S", "%m/%d/%Y{}%I:%M:%S %p")  # fmt: skip
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252")


@st.composite
def written(draw):
    """A file, the answers it needs, and the readings that were written into it."""
    stamp, encoding = draw(st.sampled_from(STAMPS)), draw(st.sampled_from(ENCODINGS))
    separator = draw(st.sampled_from([",", ";", "\t", "|"]))
    unit, zone = draw(st.sampled_from(["°C", "°F"])), draw(st.sampled_from(sorted(ZONES)))
    decimal = draw(st.sampled_from(".,"))
    quote = '"' if draw(st.booleans()) or (decimal == separator) else ""
    numbered, places = draw(st.booleans()), draw(st.integers(1, 3))
    values = draw(st.lists(st.integers(-(10**places) * 90, 10**places * 40), min_size=2, max_size=40))
    start = draw(st.integers(0, 15 * 365 * 1440).map(lambda minute: START + timedelta(minutes=minute)))
    minutes = draw(st.integers(1, 90))
    rows = [(start + timedelta(minutes=minutes * step), value) for step, value in enumerate(values)]
    names = ["No."] * numbered + stamp_names(stamp, zone, separator) + [f"Temp {unit}", "Comment"]
    table = [separator.join(names)]
    for number, (at, value) in enumerate(rows, 1):
        clock = at.astimezone(ZONES[zone]).strftime(stamp.replace("{}", separator))
        cell = f"{quote}{value / 10**places:.{places}f}{quote}".replace(".", decimal)
        table.append(separator.join([str(number)] * numbered + [clock, cell, ""]))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    text = end.join([f"SYNTHETIC{separator}file", *table, ""])
    answers = LoggerAnswers(zone=zone, day_first=not stamp.startswith("%m"))
    celsius = [v / 10**places if unit == "°C" else (v / 10**places - 32) * 5 / 9 for v in values]
    return (
        text.encode(encoding),
        answers,
        [(at.timestamp(), value) for (at, _), value in zip(rows, celsius, strict=True)],
    )


def stamp_names(stamp: str, zone: str, separator: str) -> list[str]:
    """Half of the zones are told by the file, the others by the answer."""
    names = ["Date", "Time"] if "{}" in stamp else ["Time"]
    return names[:-1] + ([f"Time ({zone})"] if zone.startswith("UTC") else ["Time"])


def is_honest(found: LoggerFile) -> None:
    """Readings and questions exclude each other; no readings without a word why; every reading is a number."""
    assert len(found.seconds) == len(found.celsius)
    if found.asked or not found.seconds:
        assert not found.seconds
        assert not found.marks
        assert found.asked or found.findings
    assert all(map(math.isfinite, found.celsius))
    assert len(list(found.readings())) == len(found.seconds)


@given(st.binary(max_size=400), ANSWERS)
def test_any_bytes_get_an_answer(content, answers):
    is_honest(read_logger_file(content, answers=answers))


@settings(max_examples=200)
@given(
    st.lists(PIECES, max_size=40).map("".join), st.sampled_from(["utf-8", "utf-16", "utf-16-le", "gb18030"]), ANSWERS
)
def test_anything_like_a_table_gets_an_answer(text, encoding, answers):
    is_honest(read_logger_file(text.encode(encoding), answers=answers))


@settings(max_examples=200)
@given(written(), st.data())
def test_damaged_file_gets_an_answer(file, data):
    content, answers, _ = file
    place = data.draw(st.integers(0, len(content)))
    size = data.draw(st.integers(0, 5))
    damaged = content[:place] + data.draw(st.binary(max_size=4)) + content[place + size :]
    is_honest(read_logger_file(damaged, answers=answers))


@settings(max_examples=200)
@given(written())
def test_what_was_written_is_read_back(file):
    """Save an hour that the clock shows twice: then the file is refused, or read back too."""
    content, answers, readings = file
    found = read_logger_file(content, answers=answers)
    if [finding.code for finding in found.findings] == ["LOG-DST"]:
        assert answers.zone == "Europe/Berlin"
        return
    assert not found.asked
    assert list(found.seconds) == [seconds for seconds, _ in readings]
    assert all(abs(value - wrote) < 1e-6 for value, (_, wrote) in zip(found.celsius, readings, strict=True))
    assert not found.errors
    assert not found.marks


@given(
    st.integers(-300, 120), st.integers(1, 130), st.integers(2, 60), st.sampled_from([(2024, 10, 27), (2024, 3, 31)])
)
def test_change_of_the_clock_is_read_back_or_refused(first, minutes, count, day):
    """A file that holds the change of the clock with readings on both sides is read back."""
    change = datetime(*day, 1, tzinfo=UTC)
    rows = [change + timedelta(minutes=first + minutes * step) for step in range(count)]
    table = "".join(f"{at.astimezone(ZONES['Europe/Berlin']):%Y-%m-%d %H:%M};-78.5\n" for at in rows)
    found = read_logger_file(f"Time;Temp °C\n{table}".encode(), answers=LoggerAnswers(zone="Europe/Berlin"))
    around = [at for at in rows if abs(at - change) > timedelta(hours=1)]
    if [finding.code for finding in found.findings] == ["LOG-DST"]:
        assert count < 4 or day[1] == 10
        assert count < 4 or not (around and around[0] < change < around[-1])
    else:
        assert list(found.seconds) == [at.timestamp() for at in rows]


@given(written())
def test_nothing_is_read_while_a_question_is_open(file):
    content, answers, _ = file
    for question in read_logger_file(content).asked:
        said = LoggerAnswers(zone=answers.zone) if question.what == "day_first" else LoggerAnswers(day_first=True)
        found = read_logger_file(content, answers=said)
        assert question.what in [each.what for each in found.asked]
        assert not found.seconds


@given(written(), st.integers(1, 12))
def test_file_cut_in_its_last_number_is_never_read_as_another_number(file, size):
    """A cut file is refused, or what is left of it is what was written."""
    content, answers, readings = file
    found = read_logger_file(content[:-size], answers=answers)
    wrote = dict(readings)
    assert all(abs(value - wrote[at]) < 1e-6 for at, value in zip(found.seconds, found.celsius, strict=True))
