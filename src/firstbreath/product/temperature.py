"""What a temperature record says: a summary that can be joined with the next one, and the verdict on it.

Joining is associative, so a record gives the same summary however it is cut into files. Every stretch between two
readings counts with the warmer of the two: what happened in between is not known.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Literal

import msgspec

from firstbreath.events.kinds_product import Spell, Summary
from firstbreath.protocol.values import ColdChain

Verdict = Literal["in label", "needs a decision", "unusable"]
FLAT_READINGS = 12
"""As many equal readings in a row, at the end of a sensor's range, show the sensor's limit, not the product."""
RANGE_STEP_C = 5
"""The ranges of loggers end at whole multiples of this, °C (Elitech RC-5: -30)."""
GAS_K = 10_000.0
"""Heat of activation over the gas constant, K: 83.144 kJ/mol and 8.3144 J/(mol K) (Haynes 1971; USP <1160>)."""
ZERO_C_K = 273.15


class Levels(msgspec.Struct, frozen=True):
    """What a record is measured against, °C and seconds; None is not measured."""

    high: float | None
    low: float | None
    melts_from: float
    melts_to: float
    gap_s: float | None

    @classmethod
    def of(cls, chain: ColdChain, place: str) -> Levels:
        """The levels for a place: `transport` or `storage`."""
        high = chain.transport_max_c if place == "transport" else chain.storage_max_c
        low = None if place == "transport" else chain.storage_min_c
        gap = None if chain.gap_minutes is None else chain.gap_minutes * 60.0
        as_float = [None if limit is None else float(limit) for limit in (high, low)]
        return cls(as_float[0], as_float[1], float(chain.melting_from_c), float(chain.melting_to_c), gap)


def summarise_readings(times: Sequence[float], celsius: Sequence[float], levels: Levels) -> Summary | None:
    """The summary of readings in order of time, shape (n,) each; None of no reading.

    times    seconds since 1970, each later than the one before
    Raises `ValueError` when they are not in order, or are not finite.
    """
    import numpy as np

    at, warm = np.asarray(times, dtype=float), np.asarray(celsius, dtype=float)
    if not at.size:
        return None
    if at.shape != warm.shape or not (np.isfinite(at).all() and np.isfinite(warm).all()) or (np.diff(at) <= 0).any():
        msg = "readings must be finite and in order of time"
        raise ValueError(msg)
    lowest = warm.min()
    side = np.where(warm >= levels.melts_to, 1, np.where(warm <= levels.melts_from, -1, 0))
    known = side[side != 0]
    steps = np.diff(at)
    long = np.flatnonzero(steps > levels.gap_s) if levels.gap_s is not None else np.empty(0, dtype=int)
    lows = _runs(warm == lowest)
    return Summary(
        readings=int(at.size),
        first=float(at[0]),
        last=float(at[-1]),
        first_c=float(warm[0]),
        last_c=float(warm[-1]),
        min_c=float(lowest),
        max_c=float(warm.max()),
        above=_spells(at, warm, warm > levels.high) if levels.high is not None else (),
        below=_spells(at, -warm, warm < levels.low, sign=-1) if levels.low is not None else (),
        thawed=_spells(at, warm, warm >= levels.melts_to),
        gaps=tuple(Spell(float(at[n]), float(at[n + 1]), float(max(warm[n : n + 2]))) for n in long),
        thaws=int(np.count_nonzero((known[:-1] == -1) & (known[1:] == 1))),
        begins_as=_state(known[0]) if known.size else "",
        state=_state(known[-1]) if known.size else "",
        flat=max(end - begin for begin, end in lows),
        flat_first=lows[0][1] if lows[0][0] == 0 else 0,
        flat_last=lows[-1][1] - lows[-1][0] if lows[-1][1] == at.size else 0,
    )


def _state(side: Any) -> str:
    return "thawed" if side > 0 else "frozen"


def _spells(at: Any, warm: Any, outside: Any, *, sign: int = 1) -> tuple[Spell, ...]:
    """The stretches outside a limit, each with the stretch to the reading before and after: the warmer one counts."""
    last = at.size - 1
    found = tuple(
        Spell(float(at[max(begin - 1, 0)]), float(at[min(end, last)]), sign * float(warm[begin:end].max()))
        for begin, end in _runs(outside)
    )
    return _merged(found, warmest=sign > 0)


def _runs(marked: Any) -> list[tuple[int, int]]:
    """Where runs of marked readings begin and end (exclusive)."""
    import numpy as np

    padded = np.concatenate(([False], marked, [False]))
    edges = np.flatnonzero(padded[1:] != padded[:-1]).reshape(-1, 2)
    return [(int(begin), int(end)) for begin, end in edges]


def join_summaries(early: Summary, late: Summary, levels: Levels) -> Summary:
    """The summary of two records of one sensor, the second after the first.

    Raises `ValueError` when they overlap.
    """
    if late.first <= early.last:
        msg = "the records overlap"
        raise ValueError(msg)
    seam = summarise_readings([early.last, late.first], [early.last_c, late.first_c], levels)
    assert seam is not None  # noqa: S101 -- it has two readings
    rose = early.state == "frozen" and late.begins_as == "thawed"
    return Summary(
        readings=early.readings + late.readings,
        first=early.first,
        last=late.last,
        first_c=early.first_c,
        last_c=late.last_c,
        min_c=min(early.min_c, late.min_c),
        max_c=max(early.max_c, late.max_c),
        above=_merged(early.above, seam.above, late.above, warmest=True),
        below=_merged(early.below, seam.below, late.below, warmest=False),
        thawed=_merged(early.thawed, seam.thawed, late.thawed, warmest=True),
        gaps=(*early.gaps, *seam.gaps, *late.gaps),
        thaws=early.thaws + late.thaws + rose,
        begins_as=early.begins_as or late.begins_as,
        state=late.state or early.state,
        **_joined_flat(early, late),
    )


def _joined_flat(early: Summary, late: Summary) -> dict[str, int]:
    """The runs at the lowest reading of both; those that meet at the seam are one."""
    lowest = min(early.min_c, late.min_c)
    (first, longest, last), (late_first, late_longest, late_last) = (
        (part.flat_first, part.flat, part.flat_last) if part.min_c == lowest else (0, 0, 0) for part in (early, late)
    )
    return {
        "flat": max(longest, late_longest, last + late_first),
        "flat_first": first + (late_first if first == early.readings else 0),
        "flat_last": late_last + (last if late_last == late.readings else 0),
    }


def _merged(*parts: tuple[Spell, ...], warmest: bool) -> tuple[Spell, ...]:
    """Spells in order; those that touch are one."""
    worse = max if warmest else min
    found: list[Spell] = []
    for spell in sorted((spell for part in parts for spell in part), key=lambda spell: (spell.begins, spell.ends)):
        if found and spell.begins <= found[-1].ends:
            last = found.pop()
            extreme = worse(last.extreme_c, spell.extreme_c)
            spell = Spell(last.begins, max(last.ends, spell.ends), extreme)  # noqa: PLW2901 -- it grows
        found.append(spell)
    return tuple(found)


class Judged(msgspec.Struct, frozen=True):
    """The verdict on a record, with every reason for it, and what was seen that is no reason."""

    verdict: Verdict
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def judge_summary(
    summary: Summary | None,
    chain: ColdChain | None,
    place: str,
    *,
    window: tuple[float, float] | None = None,
    calibrated_to: str | None = None,
) -> Judged:
    """Whether a record shows the product in label; what cannot be told needs a decision.

    place   `transport` or `storage`
    window  when the product was there, seconds since 1970: the record has to cover it
    calibrated_to  the last date of the logger's calibration; empty: not stated; None: not asked
    """
    if chain is None:
        return Judged("needs a decision", ("The protocol states no limits of temperature.",))
    if summary is None:
        return Judged("needs a decision", ("There is no reading.",))
    levels = Levels.of(chain, place)
    spike_s = (chain.spike_minutes or 0) * 60
    unusable = _against_melting(summary, chain, spike_s)
    open_ = [] if levels.high is not None else [f"The protocol states no limit for {place}."]
    high, low = levels.high, levels.low
    open_ += [_spell_words("above", high, spell) for spell in summary.above if spell.seconds >= spike_s]
    open_ += [_spell_words("below", low, spell) for spell in summary.below if spell.seconds >= spike_s]
    open_ += [f"No reading for {_length(gap.seconds)} from {_when(gap.begins)}." for gap in summary.gaps]
    open_ += _against_cover(summary, levels, window)
    open_ += _against_calibration(summary, chain, calibrated_to)
    notes = [_spell_words("above", high, spell) for spell in summary.above if spell.seconds < spike_s]
    flat = summary.flat >= FLAT_READINGS and summary.min_c % RANGE_STEP_C == 0
    if flat:
        words = f"{summary.flat} readings in a row are {summary.min_c:g} °C, the end of a logger's range: under-range."
        (open_ if high is None or summary.min_c > high else notes).append(words)
    verdict: Verdict = "unusable" if unusable else "needs a decision" if open_ else "in label"
    return Judged(verdict, (*unusable, *open_), tuple(notes))


def _against_melting(summary: Summary, chain: ColdChain, spike_s: float) -> list[str]:
    if not chain.frozen:
        return []
    long = [spell for spell in summary.thawed if spell.seconds >= spike_s]
    reasons = [f"Thawed: {_spell_words('at or above', float(chain.melting_to_c), spell)}" for spell in long]
    if summary.thaws > chain.freeze_thaws:
        reasons.append(f"Passed the melting band upwards {summary.thaws} times, {chain.freeze_thaws} are allowed.")
    return reasons


def _against_cover(summary: Summary, levels: Levels, window: tuple[float, float] | None) -> list[str]:
    if window is None:
        return []
    allowed = levels.gap_s or 0
    begins, ends = window
    reasons = []
    if summary.first - begins > allowed:
        reasons.append(f"The record begins {_length(summary.first - begins)} after the product was there.")
    if ends - summary.last > allowed:
        reasons.append(f"The record ends {_length(ends - summary.last)} before the product left.")
    return reasons


def _against_calibration(summary: Summary, chain: ColdChain, calibrated_to: str | None) -> list[str]:
    if calibrated_to is None or (not calibrated_to and not chain.calibrated):
        return []
    if not calibrated_to:
        return ["The calibration of the logger is not stated."]
    last = datetime.fromtimestamp(summary.last, UTC).date()
    if last <= date.fromisoformat(calibrated_to):
        return []
    return [f"The calibration of the logger ended on {calibrated_to}, the record ends on {last}."]


def _spell_words(word: str, limit: float | None, spell: Spell) -> str:
    shown = "" if limit is None else f" {limit:g} °C"
    lasted = f"{_length(spell.seconds)} from {_when(spell.begins)}"
    return f"{word.capitalize()}{shown} for {lasted}, to {spell.extreme_c:g} °C."


def _when(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"


def _length(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60:02} min"


class NotForFrozen(ValueError):
    """A mean kinetic temperature was asked for of a product that is kept frozen."""


def compute_mean_kinetic(celsius: Sequence[float], weights: Sequence[float] | None = None, *, frozen: bool) -> float:
    """The mean kinetic temperature of readings, °C (Haynes 1971; USP <1160>), each weighted by the time it stands for.

    Raises `NotForFrozen`: for a frozen product, and through a change of phase, the mean says nothing (USP <1079.2>);
    `ValueError` without readings or with weights that are not positive.
    """
    if frozen:
        msg = (
            "A mean kinetic temperature assumes one reaction at one activation energy. A frozen product that warms "
            "melts, and melting is not averaged away: USP <1079.2> excludes it. Look at time above limits and thaws."
        )
        raise NotForFrozen(msg)
    weighed = [1.0] * len(celsius) if weights is None else list(weights)
    if not celsius or len(weighed) != len(celsius) or min(weighed) < 0 or sum(weighed) <= 0:
        msg = "it needs readings, each with a weight that is not negative"
        raise ValueError(msg)
    rates = (weight * math.exp(-GAS_K / (each + ZERO_C_K)) for each, weight in zip(celsius, weighed, strict=True))
    return GAS_K / -math.log(math.fsum(rates) / math.fsum(weighed)) - ZERO_C_K


def time_weights(times: Sequence[float]) -> list[float]:
    """How long each reading stands for: half the time to its neighbours (Tong and Lock 2015); seconds, shape (n,)."""
    if len(times) == 1:
        return [1.0]
    halves = [(late - early) / 2 for early, late in itertools.pairwise(times)]
    return [early + late for early, late in zip([0.0, *halves], [*halves, 0.0], strict=True)]
