"""How far two readers agree: one block for the reading room, from scores by segment to what few patients show."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from math import isnan
from numbers import Rational, Real
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from firstbreath.stats.agreement_words import say_counts, say_kappa, say_limits, say_reach, say_same, say_totals
from firstbreath.stats.answers import MonteCarlo
from firstbreath.stats.arrays import is_list, parse_array, parse_number
from firstbreath.stats.bland_altman import BlandAltman, bland_altman
from firstbreath.stats.counts import parse_level
from firstbreath.stats.intraclass import Intraclass, intraclass
from firstbreath.stats.kappa import Kappa, compute_kappa, kappa_of_table
from firstbreath.stats.ratings import compute_distances, refuse_many
from firstbreath.stats.refusals import NotComputable, TooLarge
from firstbreath.stats.resampling import Bootstrap, cluster_bootstrap

Spacing = Literal["quadratic", "linear"]
Pair: TypeAlias = tuple[int, int]
Counts: TypeAlias = tuple[int, ...]
LEAST_SUBJECTS, MOST_SEGMENTS = 3, 100_000
ONE = Decimal("1.000000")


class SubjectTotal(Struct, frozen=True):
    """The sum of one patient's scores by each reader, over the segments that both could score."""

    subject: str
    segments: int
    left_out: int
    first: Fraction
    second: Fraction


class WeightedAgreement(Struct, frozen=True):
    """Weighted kappa over all segments, and its interval from resampling whole patients.

    lower, upper : the limits to quote: the t limits of `resampled`, cut at -1 and 1, where kappa ends.
    pooled : its own large-sample interval takes the segments to be independent, and is not to be quoted.
    """

    pooled: Kappa
    resampled: Bootstrap
    lower: Decimal | None
    upper: Decimal | None


class Agreement(Struct, frozen=True):
    """The agreement of two readers over patients with several segments each.

    pairs : segments both scored. left_out : segments one or both could not score. same, next_to : pairs with equal
    scores, and with equal or neighbouring ones. totals : by patient, in the order met. sentences : for the paper.
    """

    subjects: int
    pairs: int
    left_out: int
    same: int
    next_to: int
    quadratic: WeightedAgreement
    linear: WeightedAgreement
    totals: tuple[SubjectTotal, ...]
    intraclass: Intraclass
    bland_altman: BlandAltman
    sentences: tuple[str, ...]
    notes: tuple[str, ...] = ()


def agreement(
    ratings_first: Iterable[object],
    ratings_second: Iterable[object],
    subjects: Iterable[Hashable],
    *,
    scale: Sequence[object] = (0, 1, 2, 3, 4),
    level: Decimal = Decimal("0.95"),
    monte_carlo: MonteCarlo | None = None,
) -> Agreement:
    """The agreement of two readers who scored the segments of the same patients.

    ratings_first, ratings_second : one score per segment, on the scale, in the same order; None or NaN where a
    reader could not score: the segment is then left out and counted. subjects : whose segment it is, one code each.
    scale : every score there is, rising, 2 or more. level : confidence, 0 to 1.
    monte_carlo : draws and seed, needed above 9 patients; up to 9 every resample of patients is counted.
    Raises NotComputable for different lengths, a score off the scale, or fewer than 3 patients with a pair;
    TooLarge beyond 100,000 segments, and as `cluster_bootstrap`.
    Source: Fleiss and Cohen, Educational and Psychological Measurement 1973;33:613 (quadratic weights); Shrout and
    Fleiss 1979; Bland and Altman 1999; Davison and Hinkley 1997, section 3.8 (resampling patients).
    """
    steps, level = _parse_scale(scale), parse_level(level)
    every = _parse_pairs(ratings_first, ratings_second, subjects, steps=steps)
    scored = {code: [pair for pair in pairs if pair] for code, pairs in every.items() if any(pairs)}
    if len(scored) < LEAST_SUBJECTS:
        count = f"{len(scored) or 'no'} patient{'s'[: len(scored) != 1]}"
        raise NotComputable(f"{count} with a segment that both readers scored: at least {LEAST_SUBJECTS} needed")
    totals = tuple(_sum(code, pairs, steps, read=len(every[code])) for code, pairs in scored.items())
    by_subject = tuple(_tabulate(pairs, len(steps)) for pairs in scored.values())
    built = Agreement(
        subjects=len(scored),
        pairs=sum(map(len, scored.values())),
        left_out=sum(map(len, every.values())) - sum(map(len, scored.values())),
        same=_count(scored.values(), within=0),
        next_to=_count(scored.values(), within=1),
        quadratic=_weigh(by_subject, steps, weights="quadratic", level=level, monte_carlo=monte_carlo),
        linear=_weigh(by_subject, steps, weights="linear", level=level, monte_carlo=monte_carlo),
        totals=totals,
        intraclass=intraclass([(total.first, total.second) for total in totals], level=level),
        bland_altman=bland_altman([t.first for t in totals], [t.second for t in totals], level=level),
        sentences=(),
        notes=(),
    )
    return _with_words(built, steps, lost=[code for code in every if code not in scored])


def render_agreement(found: Agreement) -> str:
    """The text block of an agreement, one statement a line: the totals, the sentences, then the notes.

    found : of `agreement`.
    """
    totals = "; ".join(f"{total.subject} {total.first} and {total.second}" for total in found.totals)
    return "\n".join((f"Totals by patient, first and second reader: {totals}.", *found.sentences, *found.notes))


def _parse_scale(scale: Sequence[object]) -> tuple[Fraction, ...]:
    steps = parse_array(scale, "scale", least=2)
    refuse_many(len(steps))
    if list(steps) != sorted(set(steps)):
        raise NotComputable(f"scale is {', '.join(map(str, steps))}: give every score once, lowest first")
    return steps


def _parse_pairs(
    ratings_first: Iterable[object],
    ratings_second: Iterable[object],
    subjects: Iterable[Hashable],
    *,
    steps: tuple[Fraction, ...],
) -> dict[str, list[Pair | None]]:
    """The pairs of each patient as places on the scale, None where a reader could not score."""
    first = _parse_scores(ratings_first, "ratings_first", steps)
    second = _parse_scores(ratings_second, "ratings_second", steps)
    codes = _parse_codes(subjects)
    if not len(first) == len(second) == len(codes):
        raise NotComputable(
            f"{len(first)} ratings in ratings_first, {len(second)} in ratings_second and {len(codes)} subjects: "
            "give one of each for every segment"
        )
    if len(codes) > MOST_SEGMENTS:
        raise TooLarge(f"{len(codes)} segments are too many: at most {MOST_SEGMENTS}")
    every: dict[str, list[Pair | None]] = {code: [] for code in codes}
    for code, one, other in zip(codes, first, second, strict=True):
        every[code].append(None if one is None or other is None else (one, other))
    return every


def _parse_scores(ratings: Iterable[object], name: str, steps: tuple[Fraction, ...]) -> list[int | None]:
    if not is_list(ratings):
        raise NotComputable(f"{name} is {ratings!r}: give a list of scores")
    places = {step: place for place, step in enumerate(steps)}
    scores: list[int | None] = []
    for place, rating in enumerate(ratings, 1):
        score = None if _is_missing(rating) else parse_number(rating, f"score {place} of {name}")
        if score is not None and score not in places:
            raise NotComputable(f"score {place} of {name} is {rating}: the scale is {', '.join(map(str, steps))}")
        scores.append(None if score is None else places[score])
    return scores


def _is_missing(rating: object) -> bool:
    if isinstance(rating, Decimal):
        return rating.is_nan()
    return rating is None or (isinstance(rating, Real) and not isinstance(rating, Rational) and isnan(rating))


def _parse_codes(subjects: Iterable[Hashable]) -> list[str]:
    if not is_list(subjects):
        raise NotComputable(f"subjects is {subjects!r}: give one code per segment")
    codes = [None if code is None else str(code).strip() for code in subjects]
    if not all(codes):
        place = next(place for place, code in enumerate(codes, 1) if not code)
        raise NotComputable(f"code {place} of subjects is missing: say whose segment it is")
    return [code for code in codes if code]


def _sum(code: str, pairs: Sequence[Pair], steps: tuple[Fraction, ...], *, read: int) -> SubjectTotal:
    first, second = (sum((steps[pair[side]] for pair in pairs), Fraction(0)) for side in (0, 1))
    return SubjectTotal(code, len(pairs), read - len(pairs), first, second)


def _tabulate(pairs: Sequence[Pair], size: int) -> Counts:
    """The square table of one patient's pairs, row after row."""
    counts = [0] * size**2
    for row, column in pairs:
        counts[row * size + column] += 1
    return tuple(counts)


def _count(scored: Iterable[Sequence[Pair]], *, within: int) -> int:
    return sum(abs(row - column) <= within for row, column in chain.from_iterable(scored))


def _weigh(
    by_subject: tuple[Counts, ...],
    steps: tuple[Fraction, ...],
    *,
    weights: Spacing,
    level: Decimal,
    monte_carlo: MonteCarlo | None,
) -> WeightedAgreement:
    size = len(steps)
    counts = _add(by_subject)
    table = [counts[start : start + size] for start in range(0, size**2, size)]
    pooled = kappa_of_table(table, weights=weights, categories=steps, level=level)
    resampled = cluster_bootstrap(by_subject, _of_sum(size, weights), level=level, monte_carlo=monte_carlo)
    low, high = resampled.t_lower, resampled.t_upper
    if low is None or high is None:
        return WeightedAgreement(pooled, resampled, None, None)
    return WeightedAgreement(pooled, resampled, max(low, -ONE), min(high, ONE))


def _of_sum(size: int, weights: Spacing) -> Callable[[tuple[Counts, ...]], Fraction | None]:
    """The statistic of a resample: weighted kappa of its patients' tables, added."""
    distances = compute_distances(size, weights)
    return lambda sample: compute_kappa(_add(sample), distances)


def _add(tables: tuple[Counts, ...]) -> Counts:
    return tuple(map(sum, zip(*tables, strict=True)))


def _with_words(built: Agreement, steps: tuple[Fraction, ...], *, lost: Sequence[str]) -> Agreement:
    sentences = (
        say_counts(
            subjects=built.subjects, pairs=built.pairs, left_out=built.left_out, scale=(str(steps[0]), str(steps[-1]))
        ),
        say_same(built.same, built.next_to, built.pairs),
        say_kappa(
            built.quadratic.resampled,
            quadratic=(built.quadratic.pooled.value, built.quadratic.lower, built.quadratic.upper),
            linear=(built.linear.pooled.value, built.linear.lower, built.linear.upper),
        ),
        say_totals(built.intraclass.icc_2_1, built.intraclass.level),
        say_limits(built.bland_altman),
        say_reach(built.subjects, built.pairs),
    )
    return replace(built, sentences=sentences, notes=_note(built, lost))


def _note(built: Agreement, lost: Sequence[str]) -> tuple[str, ...]:
    notes = [f"{code} has no segment that both readers scored, and is left out." for code in lost]
    short = [total.subject for total in built.totals if total.left_out]
    if short:
        notes.append(
            f"The totals of {', '.join(short)} leave out segments that a reader could not score, and are lower for it."
        )
    parts = (built.quadratic.resampled, built.linear.resampled, built.intraclass, built.bland_altman)
    return tuple(dict.fromkeys((*notes, *chain.from_iterable(part.notes for part in parts))))
