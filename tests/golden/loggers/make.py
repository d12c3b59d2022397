"""Writes the synthetic files of temperature loggers in this folder; see README.md."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

HERE = Path(__file__).parent
START = datetime(2024, 3, 5, 8, 0)  # noqa: DTZ001 - the loggers' clocks have no zone
COLD = (-78.5, -78.4, -78.2, -77.9, -77.5, -76.8, -77.1, -77.6, -78.0, -78.3, -78.4, -78.5)


def times(count: int = 12, minutes: int = 10, start: datetime = START) -> Iterator[datetime]:
    return (start + timedelta(minutes=minutes * step) for step in range(count))


def rows(pattern: str, values: tuple[float, ...] = COLD, **steps) -> list[tuple[int, str, float]]:
    return [
        (number, at.strftime(pattern), value)
        for number, (at, value) in enumerate(zip(times(len(values), **steps), values, strict=True), 1)
    ]


def lines(*parts: str | list[str], end: str = "\r\n") -> str:
    flat = [line for part in parts for line in ([part] if isinstance(part, str) else part)]
    return end.join(flat) + end


def elpro() -> bytes:
    head = ["SYNTHETIC file;no real shipment", "Device;ELPRO LIBERO C*", "Serial number;SYN-100234"]
    head += ["Start;05.03.2024 08:00:00", "Stop;05.03.2024 09:50:00", "Interval;00:10:00", "Time zone;UTC+08:00"]
    head += ["Alarm status;OK", "MKT;-77.9 °C", "Min;-78.5 °C", "Max;-76.8 °C", ""]
    table = [f"{at};{value};{'Opened' if n == 6 else ''}" for n, at, value in rows("%d.%m.%Y %H:%M:%S")]
    return lines(head, "Timestamp;°C;Event", table).encode("utf-8-sig")


def sensitech() -> bytes:
    head = ["SYNTHETIC,Sensitech TempTale Ultra", "Trip number,SYN-7781", "Serial Number,SYN0042"]
    head += ["Start-up delay,30 min", "Interval,10 min", "Alarm high,5.0 °F", "All times shown are GMT,", ""]
    fahrenheit = tuple(round(value * 9 / 5 + 32, 1) for value in COLD)
    flags = ["Start-up delay"] * 3 + [""] * 9
    table = [
        f"{at},{value},{flag}" for (_, at, value), flag in zip(rows("%m/%d/%Y,%H:%M", fahrenheit), flags, strict=True)
    ]
    return lines(head, "Date,Time,Temp (°F),Remarks", table).encode()


def logtag() -> bytes:
    head = ["SYNTHETIC: LogTag Analyzer export", "Serial number,SYN990011", ""]
    table = [
        f"{n},{at},{(n - 1) * 600 // 3600:02}:{(n - 1) * 10 % 60:02}:00,{value if n not in (4, 5) else '---'},"
        + ('"Door opened, dry ice added"' if n == 7 else "")
        for n, at, value in rows("%Y-%m-%d,%H:%M:%S")
    ]
    return lines(head, "Index,Date,Time (UTC),Elapsed,Reading (°C),Comment", table).encode()


def testo() -> bytes:
    head = ["SYNTHETIC;Testo ComSoft", "Seriennummer;SYN58012", ""]
    table = [f"{at};{str(value).replace('.', ',')};;" for _, at, value in rows("%d.%m.%Y %H:%M:%S")]
    foot = ["", "Minimum;;-78,5", "Maximum;;-76,8", "Mittelwert;;-77,8"]
    return lines(head, "Datum/Zeit;Temperatur [°C];;", table, foot).encode("cp1252")


def hobo() -> bytes:
    head = '"Plot Title: SYNTHETIC freezer"'
    names = (
        '"#","Date Time, GMT+08:00","Temp, °C (LGR S/N: 20990001, SEN S/N: 20990001)","Host Connected","End Of File"'
    )
    table = [f"{n},{at},{value},," for n, at, value in rows("%m/%d/%y %I:%M:%S %p", start=START.replace(hour=11))]
    last = "13,03/05/24 01:00:00 PM,,Logged,Logged"
    return lines(head, names, table, last).encode("utf-8-sig")


def hobo_resaved() -> bytes:
    head = "Plot Title: SYNTHETIC freezer,,,"
    names = '#,"Date Time, GMT+08:00","Temp, °C (LGR S/N: 20990001)",Host Connected'
    return lines(head, names, [f"{n},{at},{value}," for n, at, value in rows("%m/%d/%Y %H:%M", minutes=1440)]).encode()


def elitech() -> bytes:
    head = ["SYNTHETIC\tElitech RC-5", "Serial No.\tSYNEFE01", ""]
    table = [f"{n}\t{at}\t{value}" for n, at, value in rows("%Y-%m-%d %H:%M:%S")]
    return lines(head, "No.\tTime\tTemperature(℃)", table).encode("utf-16")


def controlant() -> bytes:
    head = "Device ID,Timestamp,Temperature (°C),Humidity (%),Location"
    table = [f"SYNTHETIC-01,{at},{value},{30 + n},CONTROLANT lane" for n, at, value in rows("%Y-%m-%dT%H:%M:%SZ")]
    return lines("# SYNTHETIC Controlant export", head, table, end="\n").encode()


def tinytag() -> bytes:
    head = ["SYNTHETIC,Tinytag Explorer", "Serial number,SYN445566", "Time zone,Asia/Shanghai", ""]
    table = [f"{n},{at},{value} °C,{value + 82:.1f} °C" for n, at, value in rows("%d %b %Y %H:%M:%S")]
    return lines(head, "Record,Time,Probe in vials (°C),Probe in lid (°C)", table).encode()


def plain() -> bytes:
    return lines([f"{at},{value}" for _, at, value in rows("%Y-%m-%d %H:%M:%S")], end="\n").encode()


def open_dates() -> bytes:
    table = [f"{at};{value}" for _, at, value in rows("%d/%m/%Y %H:%M")]
    return lines("SYNTHETIC;no maker", "Time (UTC);Temp °C", table).encode()


def put_back() -> bytes:
    """Every ten minutes from 02:30 summer time to 03:20 winter time in Berlin, where 02:00 to 03:00 comes twice."""
    clocks = [
        "02:30",
        "02:40",
        "02:50",
        "02:00",
        "02:10",
        "02:20",
        "02:30",
        "02:40",
        "02:50",
        "03:00",
        "03:10",
        "03:20",
    ]
    table = [f"2024-10-27 {clock};{value}" for clock, value in zip(clocks, COLD, strict=True)]
    return lines("SYNTHETIC;no maker", "Time zone;Europe/Berlin", "Time;Temp °C", table).encode()


def not_put_back() -> bytes:
    table = [f"{at};{value}" for _, at, value in rows("%Y-%m-%d %H:%M", start=datetime(2024, 10, 27, 1, 30))]  # noqa: DTZ001
    return lines("SYNTHETIC;no maker", "Time zone;Europe/Berlin", "Time;Temp °C", table).encode()


def put_forward() -> bytes:
    table = [f"{at};{value}" for _, at, value in rows("%Y-%m-%d %H:%M", start=datetime(2024, 3, 31, 1, 30))]  # noqa: DTZ001
    return lines("SYNTHETIC;no maker", "Time zone;Europe/Berlin", "Time;Temp °C", table).encode()


def truncated() -> bytes:
    return elitech_utf8()[:-5]


def elitech_utf8() -> bytes:
    table = [f"{n}\t{at}\t{value}" for n, at, value in rows("%Y-%m-%d %H:%M:%S")]
    return lines("SYNTHETIC\tElitech RC-5", "No.\tTime (UTC)\tTemperature(°C)", table).encode()


def goes_back() -> bytes:
    clocks = ["08:00", "08:10", "08:20", "08:05", "08:15", "08:25", "08:35"]
    table = [f"2024-03-05 {clock},{value}" for clock, value in zip(clocks, COLD, strict=False)]
    return lines("SYNTHETIC,no maker", "Time (UTC),Temp °C", table).encode()


def twice() -> bytes:
    clocks = ["08:00", "08:10", "08:10", "08:20", "08:20", "08:30"]
    values = [-78.5, -78.4, -78.4, -78.2, -70.0, -78.3]
    table = [f"2024-03-05 {clock},{value}" for clock, value in zip(clocks, values, strict=True)]
    return lines("SYNTHETIC,no maker", "Time (UTC),Temp °C", table).encode()


def split_pages() -> bytes:
    table = [f"{at},{value}" for _, at, value in rows("%Y-%m-%d %H:%M")]
    names = "Time (UTC),Temp °C"
    return lines("SYNTHETIC,no maker", names, table[:6], "", names, table[6:], "", "Page 2 of 2").encode()


def comma_twice() -> bytes:
    table = [f"{at},{str(value).replace('.', ',')}" for _, at, value in rows("%Y-%m-%d %H:%M")]
    return lines("SYNTHETIC,no maker", "Time (UTC),Temp °C", table).encode()


FILES = {
    "elpro_bom_marks.csv": elpro,
    "sensitech_fahrenheit_delay.csv": sensitech,
    "logtag_no_reading.csv": logtag,
    "testo_decimal_comma.csv": testo,
    "hobo_twelve_hours.csv": hobo,
    "hobo_resaved.csv": hobo_resaved,
    "elitech_utf16.txt": elitech,
    "controlant_iso.csv": controlant,
    "tinytag_two_sensors.csv": tinytag,
    "plain.csv": plain,
    "open_dates.csv": open_dates,
    "put_back.csv": put_back,
    "not_put_back.csv": not_put_back,
    "put_forward.csv": put_forward,
    "truncated.txt": truncated,
    "goes_back.csv": goes_back,
    "twice.csv": twice,
    "split_pages.csv": split_pages,
    "comma_twice.csv": comma_twice,
}

if __name__ == "__main__":
    for name, make in FILES.items():
        (HERE / name).write_bytes(make())
