"""Times by a local clock turned into UTC; the hour that a clock shows twice is told apart by the order of the rows.

Names to know: `place_times`, `common_step`.
"""

from array import array
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from firstbreath.product.logger_values import LoggerRefusal, moment_of

QUARTER_S = 900
KEPT = "Ask how the logger's clock was set. If it keeps one offset, answer with it, such as UTC+01:00."


def common_step(seconds: Sequence[float]) -> int:
    """The most common step between neighbours in whole seconds; 0 when there is none."""
    steps = Counter(map(float.__sub__, seconds[1:], seconds))
    return max(round(steps.most_common(1)[0][0]), 0) if steps else 0


def place_times(local: "array[float]", zone: tzinfo, lines: Sequence[int]) -> "array[float]":
    """The times in UTC of times by the clock of a zone.

    local  shape (rows,), seconds since 1970 as if the clock showed UTC, in the order of the file
    lines  shape (rows,), the line of each
    Raises `LoggerRefusal` for a time that the clock never showed, or showed twice and nothing tells which.
    """
    if not isinstance(zone, ZoneInfo):
        offset = zone.utcoffset(None)
        ahead = offset.total_seconds() if offset else 0.0
        return array("d", (seconds - ahead for seconds in local))
    offsets: dict[float, tuple[float, float]] = {}
    utc = array("d")
    twice: list[int] = []
    for row, seconds in enumerate(local):
        quarter = seconds // QUARTER_S
        pair = offsets.get(quarter) or offsets.setdefault(quarter, _offsets(quarter * QUARTER_S, zone))
        if pair[0] < pair[1]:
            raise _never_shown(seconds, zone, lines[row])
        if pair[0] != pair[1]:
            twice.append(row)
        utc.append(seconds - pair[0])
    for begin, end in _runs(twice):
        before, after = offsets[local[begin] // QUARTER_S]
        turn = _turn(local, (begin, end), shift=before - after)
        if turn is None:
            raise _shown_twice(local[begin], zone, lines[begin])
        for row in range(turn, end):
            utc[row] = local[row] - after
    return utc


def place_moment(seconds: float, zone: tzinfo) -> float:
    """One local time in UTC; of two that it can be, the first."""
    offset = moment_of(seconds).replace(tzinfo=zone).utcoffset()
    return seconds - (offset.total_seconds() if offset else 0.0)


def _offsets(seconds: float, zone: tzinfo) -> tuple[float, float]:
    """How far the zone is ahead of UTC when its clock shows a time first and last; the first less: it never does."""
    shown = moment_of(seconds).replace(tzinfo=zone)
    pair = shown.replace(fold=0).utcoffset(), shown.replace(fold=1).utcoffset()
    return tuple(offset.total_seconds() if offset else 0.0 for offset in pair)  # type: ignore[return-value]


def _runs(rows: list[int]) -> list[tuple[int, int]]:
    """Neighbouring rows as (first, one past the last)."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and runs[-1][1] == row:
            runs[-1] = (runs[-1][0], row + 1)
        else:
            runs.append((row, row + 1))
    return runs


def _turn(local: Sequence[float], run: tuple[int, int], *, shift: float) -> int | None:
    """The row from which the clock had been put back, None when the order of the rows does not tell."""
    begin, end = run
    step = _usual_step(local, run)
    steps = {row: local[row] - local[row - 1] for row in range(max(begin, 1), min(end + 1, len(local)))}
    back = [row for row, size in steps.items() if _is_put_back(size, step, shift)]
    if step and len(back) == 1:
        return back[0]
    if back or not step or any(size < 0 for size in steps.values()):
        return None
    joined_before = begin > 0 and abs(steps[begin] - step) <= 1
    joined_after = end < len(local) and abs(steps[end] - step) <= 1
    if joined_before and end == len(local):
        return end
    return begin if joined_after and begin == 0 else None


def _usual_step(local: Sequence[float], run: tuple[int, int]) -> int:
    """The most common step in seconds but for those into and out of the run, which are in question; 0 without any."""
    steps = Counter(map(float.__sub__, local[1:], local))
    for row in run:
        if 0 < row < len(local):
            steps[local[row] - local[row - 1]] -= 1
    usual, count = max(steps.items(), key=lambda step: step[1], default=(0.0, 0))
    return max(round(usual), 0) if count > 0 else 0


def _is_put_back(size: float, step: int, shift: float) -> bool:
    """Whether a step is the usual one less the hour; some steps less the hour where rows hold no reading."""
    if abs(size - (step - shift)) <= 1:
        return True
    return size < 0 and 0 < step <= size + shift and abs((size + shift + 1) % step - 1) <= 1


def _never_shown(seconds: float, zone: ZoneInfo, line: int) -> LoggerRefusal:
    message = f"Line {line}: no clock in {zone.key} showed {_shown(seconds)}; it was put forward then."
    return LoggerRefusal("LOG-DST", line, message, KEPT)


def _shown_twice(seconds: float, zone: ZoneInfo, line: int) -> LoggerRefusal:
    message = f"Line {line}: clocks in {zone.key} showed {_shown(seconds)} twice, and the rows do not tell which it is."
    return LoggerRefusal("LOG-DST", line, message, KEPT)


def _shown(seconds: float) -> str:
    shown: datetime = moment_of(seconds)
    return f"{shown:%Y-%m-%d %H:%M}"
