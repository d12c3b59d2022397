"""Each shape and each trap of loggers' files, pinned on synthetic files in tests/golden/loggers."""

from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest
from tests.golden.loggers.make import FILES

from firstbreath.product.logger_files import LoggerAnswers, LoggerFile, read_logger_file

GOLDEN = Path(__file__).parents[2] / "golden" / "loggers"
SHANGHAI = LoggerAnswers(zone="Asia/Shanghai")


def read(name: str, **answers) -> LoggerFile:
    return read_logger_file((GOLDEN / name).read_bytes(), answers=LoggerAnswers(**answers))


def codes(found: LoggerFile) -> list[str]:
    return [finding.code for finding in found.findings]


def asked(found: LoggerFile) -> list[str]:
    return [question.what for question in found.asked]


def ends(found: LoggerFile) -> tuple[str, float, str, float]:
    readings = list(found.readings())
    first, last = readings[0], readings[-1]
    return first.at.isoformat(" ")[:16], first.celsius, last.at.isoformat(" ")[:16], last.celsius


SHAPES = [
    # file, answers, maker, serial, unit, zone, dates, readings, (first, last)
    ("elpro_bom_marks.csv", {}, "ELPRO", "SYN-100234", "C", "UTC+08:00", "day-month-year", 12,
     ("2024-03-05 00:00", -78.5, "2024-03-05 01:50", -78.5)),
    ("sensitech_fahrenheit_delay.csv", {"day_first": False}, "Sensitech", "SYN0042", "F", "UTC", "month-day-year", 12,
     ("2024-03-05 08:00", -78.5, "2024-03-05 09:50", -78.5)),
    ("logtag_no_reading.csv", {}, "LogTag", "SYN990011", "C", "UTC", "year-month-day", 10,
     ("2024-03-05 08:00", -78.5, "2024-03-05 09:50", -78.5)),
    ("testo_decimal_comma.csv", {"zone": "Europe/Berlin"}, "Testo", "SYN58012", "C", "Europe/Berlin", "day-month-year",
     12, ("2024-03-05 07:00", -78.5, "2024-03-05 08:50", -78.5)),
    ("hobo_twelve_hours.csv", {"day_first": False}, "Onset", "20990001", "C", "UTC+08:00", "month-day-year", 12,
     ("2024-03-05 03:00", -78.5, "2024-03-05 04:50", -78.5)),
    ("hobo_resaved.csv", {}, "Onset", "20990001", "C", "UTC+08:00", "month-day-year", 12,
     ("2024-03-05 00:00", -78.5, "2024-03-16 00:00", -78.5)),
    ("elitech_utf16.txt", {"zone": "utc+8"}, "Elitech", "SYNEFE01", "C", "UTC+08:00", "year-month-day", 12,
     ("2024-03-05 00:00", -78.5, "2024-03-05 01:50", -78.5)),
    ("controlant_iso.csv", {}, "Controlant", "SYNTHETIC-01", "C", "UTC", "year-month-day", 12,
     ("2024-03-05 08:00", -78.5, "2024-03-05 09:50", -78.5)),
    ("tinytag_two_sensors.csv", {"sensor": "Probe in lid (°C)"}, "Tinytag", "SYN445566", "C", "Asia/Shanghai",
     "year-month-day", 12, ("2024-03-05 00:00", 3.5, "2024-03-05 01:50", 3.5)),
    ("plain.csv", {"zone": "UTC", "unit": "C"}, "", "", "C", "UTC", "year-month-day", 12,
     ("2024-03-05 08:00", -78.5, "2024-03-05 09:50", -78.5)),
    ("open_dates.csv", {"day_first": True}, "", "", "C", "UTC", "day-month-year", 12,
     ("2024-03-05 08:00", -78.5, "2024-03-05 09:50", -78.5)),
    ("put_back.csv", {}, "", "", "C", "Europe/Berlin", "year-month-day", 12,
     ("2024-10-27 00:30", -78.5, "2024-10-27 02:20", -78.5)),
    ("split_pages.csv", {}, "", "", "C", "UTC", "year-month-day", 12,
     ("2024-03-05 08:00", -78.5, "2024-03-05 09:50", -78.5)),
]  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_file_is_what_the_script_makes(name):
    assert (GOLDEN / name).read_bytes() == FILES[name]()


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape[0])
def test_shape_is_recognised(shape):
    name, answers, maker, serial, unit, zone, dates, count, readings = shape
    found = read(name, **answers)
    assert found.asked == ()
    assert (found.maker, found.serial, found.unit, found.zone, found.dates) == (maker, serial, unit, zone, dates)
    assert len(found.seconds) == len(found.celsius) == count
    assert ends(found) == readings


@pytest.mark.parametrize(
    ("name", "answers", "questions"),
    [
        ("plain.csv", {}, ["unit", "zone"]),
        ("plain.csv", {"zone": "nowhere", "unit": "F"}, ["zone"]),
        ("sensitech_fahrenheit_delay.csv", {}, ["day_first"]),
        ("hobo_twelve_hours.csv", {}, ["day_first"]),
        ("open_dates.csv", {}, ["day_first"]),
        ("tinytag_two_sensors.csv", {}, ["sensor"]),
        ("tinytag_two_sensors.csv", {"sensor": "another"}, ["sensor"]),
        ("testo_decimal_comma.csv", {}, ["zone"]),
        ("elitech_utf16.txt", {}, ["zone"]),
    ],
)
def test_what_the_file_leaves_open_is_asked_and_nothing_is_read(name, answers, questions):
    found = read(name, **answers)
    assert asked(found) == questions
    assert not found.seconds
    assert not found.celsius
    assert not found.refused


@pytest.mark.parametrize(
    ("name", "code", "line"),
    [
        ("truncated.txt", "LOG-CUT", 14),
        ("comma_twice.csv", "LOG-CELLS", 3),
        ("not_put_back.csv", "LOG-DST", 7),
        ("put_forward.csv", "LOG-DST", 7),
    ],
)
def test_file_that_cannot_be_trusted_is_refused(name, code, line):
    found = read(name)
    assert found.refused
    assert [(finding.code, finding.line) for finding in found.findings] == [(code, line)]
    assert not found.seconds


class TestCells:
    def test_cells_without_a_reading_are_errors_and_no_zeros(self):
        found = read("logtag_no_reading.csv")
        assert found.errors == ((8, "---"), (9, "---"))
        assert 0 not in found.celsius

    def test_marks_are_told_with_their_time(self):
        marks = read("elpro_bom_marks.csv").marks
        assert marks == ((datetime.fromisoformat("2024-03-05T00:50Z"), "Opened"),)
        assert [text for _, text in read("logtag_no_reading.csv").marks] == ["Door opened, dry ice added"]

    def test_tick_is_told_by_the_name_of_its_column(self):
        marks = read("hobo_twelve_hours.csv", day_first=False).marks
        assert [(at.isoformat(), text) for at, text in marks] == [
            ("2024-03-05T05:00:00+00:00", "Host Connected"),
            ("2024-03-05T05:00:00+00:00", "End Of File"),
        ]

    def test_text_that_every_row_has_is_no_mark(self):
        assert read("controlant_iso.csv").marks == ()

    def test_start_delay_is_counted(self):
        found = read("sensitech_fahrenheit_delay.csv", day_first=False)
        assert found.start_delay == 3
        assert found.marks == ()

    def test_interval_is_the_most_common_step(self):
        assert read("controlant_iso.csv").interval_s == 600
        assert read("hobo_resaved.csv").interval_s == 86400

    def test_decimal_comma(self):
        found = read("testo_decimal_comma.csv", zone="Europe/Berlin")
        assert (found.decimal, found.separator, found.encoding) == (",", ";", "cp1252")
        assert codes(found) == ["LOG-ENCODING"]

    def test_fahrenheit_is_converted(self):
        found = read("sensitech_fahrenheit_delay.csv", day_first=False)
        assert [round(value, 1) for value in found.celsius[:4]] == [-78.5, -78.4, -78.2, -77.9]


class TestTimes:
    def test_hour_shown_twice_is_told_apart_by_the_order(self):
        seconds = read("put_back.csv").seconds
        assert {later - former for former, later in pairwise(seconds)} == {600}

    def test_clock_that_kept_one_offset_is_read_at_the_answer(self):
        found = read("not_put_back.csv", zone="UTC+01:00")
        assert codes(found) == ["LOG-ANSWER"]
        assert ends(found)[0] == "2024-10-27 00:30"
        assert len(read("put_forward.csv", zone="UTC+01:00").seconds) == 12

    def test_time_going_back_is_a_finding(self):
        found = read("goes_back.csv")
        assert [(finding.code, finding.line) for finding in found.findings] == [("LOG-BACK", 6)]
        assert len(found.seconds) == 7

    def test_time_with_two_temperatures_is_a_finding(self):
        found = read("twice.csv")
        assert [(finding.code, finding.line) for finding in found.findings] == [("LOG-TWICE", 7)]

    def test_answer_against_the_file_is_not_used(self):
        found = read("controlant_iso.csv", zone="Asia/Shanghai", unit="F", day_first=True)
        assert (found.zone, found.unit) == ("UTC", "C")
        assert codes(found) == ["LOG-ANSWER"] * 3


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "LOG-EMPTY"),
        (b" \r\n", "LOG-EMPTY"),
        (b"%PDF-1.7 report", "LOG-KIND"),
        (b"PK\x03\x04 sheet", "LOG-KIND"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "LOG-KIND"),
        (b"LTD1\x00\x01\x02\x03\x00\x00\x00\x00readings", "LOG-KIND"),
        (b'{"temperature": 5}', "LOG-KIND"),
        (b"a letter about vials\nand nothing else\n", "LOG-TABLE"),
        ("Time (UTC),°C\n2024-03-05 08:00,5.1\n2024-03-05 08:10,5.2 °".encode()[:-1], "LOG-CUT"),
        (b"Time (UTC),Temp C\n2024-03-05 08:00,---\n2024-03-05 08:10,ERR\n", "LOG-TABLE"),
        (b"Time (UTC),Temp (C)\n2024-03-05 08:00,5.1\n2024-03-05 08:10,5,2\n", "LOG-CELLS"),
        (b"Time (UTC);Temp (C)\n2024-03-05 08:00;5.1\n2024-03-05 08:10;5,2\n", "LOG-DECIMAL"),
        (b"Time (UTC);Temp (C)\n2024-03-05 08:00;5.1\n2024-02-30 08:10;5.2\n2024-03-05 08:20;5.2\n", "LOG-ROW"),
        (b"Time (UTC);Temp (C)\n2024-03-05 08:00;5.1\nPaused\n2024-03-05 08:20;5.2\n", "LOG-ROW"),
        (b"Time (UTC);Temp (C)\n13/03/2024 08:00;5.1\n04/13/2024 08:10;5.2\n", "LOG-DATES"),
        (b"Time (UTC);Temp (C)\n12-11-01 08:00;5.1\n12-11-01 08:10;5.2\n", "LOG-DATES"),
        (b"Time;Temp (C)\n2024-03-05 08:00Z;5.1\n2024-03-05 08:10;5.2\n", "LOG-ZONE"),
    ],
)
def test_refused_with_a_reason(content, code):
    found = read_logger_file(content, answers=LoggerAnswers(unit="C"))
    assert codes(found)[-1:] == [code]
    assert found.findings[-1].fix
    assert not found.seconds


@pytest.mark.parametrize(
    ("dates", "order"),
    [
        (["01/02/2024 23:50", "02/02/2024 00:00", "02/02/2024 00:10"], "day-month-year"),
        (["02/01/2024 23:50", "02/02/2024 00:00", "02/02/2024 00:10"], "month-day-year"),
        (["13/02/2024 10:00", "13/02/2024 10:10"], "day-month-year"),
        (["02/13/24 10:00", "02/13/24 10:10"], "month-day-year"),
        (["24-01-02 10:00", "24-01-02 10:10"], "year-month-day"),
        (["Jan 2, 2024 10:00", "Jan 2, 2024 10:10"], "year-month-day"),
        (["02-Jan-2024 10:00", "02-Jan-2024 10:10"], "year-month-day"),
        (["2024年1月2日 10:00", "2024年1月2日 10:10"], "year-month-day"),
    ],
)
def test_order_of_dates_is_decided_by_the_file(dates, order):
    table = "".join(f"{at};5.1\n" for at in dates)
    assert read_logger_file(f"Time (UTC);Temp °C\n{table}".encode()).dates == order


def test_order_of_dates_is_taken_from_the_header():
    found = read_logger_file(b"Time UTC (dd/mm/yyyy);Temp (C)\n01/02/2024 10:00;5.1\n01/02/2024 10:10;5.2\n")
    assert ends(found)[0] == "2024-02-01 10:00"


def test_year_of_two_digits_in_front_or_at_the_end_is_asked():
    content = b"Time (UTC);Temp (C)\n24-05-25 10:00;5.1\n24-05-25 10:10;5.2\n"
    assert read_logger_file(content).asked[0].choices == ("day first", "year first")
    assert ends(read_logger_file(content, answers=LoggerAnswers(day_first=False)))[0] == "2024-05-25 10:00"
    assert ends(read_logger_file(content, answers=LoggerAnswers(day_first=True)))[0] == "2025-05-24 10:00"


def test_line_of_a_million_cells_is_refused():
    content = b"Time (UTC);Temp (C)\n2024-05-25 10:00;5.1\n" + b";" * 1_000_000 + b"\n2024-05-25 10:10;5.1\n"
    assert codes(read_logger_file(content)) == ["LOG-ROW"]


def test_number_after_the_time_is_no_offset():
    """Cut in its last number, this table once read as one of two columns with times at an offset of -03."""
    rows = "".join(f"2024/05/25\t10:{minute:02}:00\t-3,4\t\r\n" for minute in range(5))
    found = read_logger_file(f"Date\tTime (UTC)\tTemp °C\tComment\r\n{rows}2024/05/25\t10:05:00\t-24,".encode())
    assert (codes(found), found.separator) == (["LOG-CUT"], "\t")


def test_only_the_zone_of_a_windows_name_that_says_all_is_taken():
    content = b"Time zone;(UTC+01:00) Amsterdam, Berlin\nTime;Temp (C)\n2024-05-25 10:00;5.1\n"
    assert asked(read_logger_file(content)) == ["zone"]


def test_unit_beside_each_number():
    found = read_logger_file(b"2024-05-25T10:00+08:00\t41.0 F\n2024-05-25T10:10+08:00\t42.8 F\n")
    assert (found.unit, found.zone, list(found.celsius)) == ("F", "UTC+08:00", [5.0, 6.0])


def test_chinese_file_in_its_own_encoding():
    content = "序号,时间 (UTC+8),温度(℃),湿度(%)\n1,2024年5月25日 10:00,-20.5,40\n2,2024年5月25日 10:10,-20.4,41\n"
    found = read_logger_file(content.encode("gb18030"))
    assert (found.encoding, found.zone, found.unit, found.interval_s) == ("gb18030", "UTC+08:00", "C", 600)


def test_more_rows_than_the_limit_are_refused(monkeypatch):
    monkeypatch.setattr("firstbreath.product.logger_rows.MAX_ROWS", 3)
    rows = "".join(f"2024-05-25 10:{minute:02};5.1\n" for minute in range(5))
    assert codes(read_logger_file(f"Time (UTC);Temp (C)\n{rows}".encode())) == ["LOG-SIZE"]
