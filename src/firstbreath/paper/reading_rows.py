"""Rows of the reading of images: every total by reader, the score that counts, and how far independent reads agree.

Names to know: `compute_reading_results`. Never here: a read that is still sealed, or agreement after a consensus.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from firstbreath.paper.answer_rows import MINUS, P_DECIMALS, render_signed
from firstbreath.paper.rows import ABSENT, Result, seqs
from firstbreath.paper.segment_rows import compute_segment_results
from firstbreath.protocol.values import Charter, Endpoint, Protocol
from firstbreath.reading.agreement import LETTERS, ReadAgreement, Repeats, compute_read_agreement, total_at
from firstbreath.reading.state import Reading, Scan
from firstbreath.stats.agreement import WeightedAgreement
from firstbreath.stats.answers import render_p
from firstbreath.stats.bland_altman import Limit
from firstbreath.stats.endpoint_answers import Endpoint as Answer
from firstbreath.stats.endpoints import endpoint as compute_endpoint
from firstbreath.stats.intraclass import Coefficient
from firstbreath.stats.refusals import NotComputable
from firstbreath.stats.rounding import render_number
from firstbreath.trial.state import Trial

SET = "scans read"
Number = Fraction | Decimal | int
Told = tuple[str, str, str, Number | None, str, str]
"""What a row holds: the rest of its id, group, statistic, exact value or None, text and method."""


def compute_reading_results(trial: Trial, protocol: Protocol) -> list[Result]:
    """Every row of the reading; none before the reads are final."""
    reading, charter = trial.reading, protocol.charter
    block = compute_read_agreement(reading, charter) if charter and reading.unblinded else None
    if block is None or charter is None:
        return []
    counted = {each.scan.body.scan for each in block.scans}
    tasks = [task for task in reading.tasks.values() if task.drawn.scan in counted and reading.counts(task)]
    sources = seqs(task.signed for task in tasks if task.signed)
    rows = [row for each in block.scans for row in _totals(reading, charter, each.scan, block)]
    rows += [_row(told, sources) for told in _agreement(block)]
    rows += [_row(told, sources) for n, each in enumerate(block.repeats) for told in _repeats(LETTERS[n], each)]
    for endpoint in protocol.analysis.endpoints:
        if endpoint.before.charter and endpoint.after.charter:
            rows += _by_reader(trial, endpoint, block)
            rows += compute_segment_results(trial, protocol, endpoint, block)
    return rows


def _row(told: Told, sources: tuple[int, ...]) -> Result:
    name, group, statistic, value, printed, method = told
    exact = "" if value is None else str(value)
    kept = () if value is None else sources
    return Result(f"READ.{name}", SET, group, "image reading", statistic, exact, printed, method, kept)


def _totals(reading: Reading, charter: Charter, scan: Scan, block: ReadAgreement) -> Iterator[Result]:
    found = next(each for each in block.scans if each.scan is scan)
    group, name = f"{scan.subject}, {scan.body.visit}", scan.body.scan
    for n, task in enumerate(reading.readings_of(name)):
        total, signed = found.totals[n], seqs([task.signed] if task.signed else [])
        why = f"sum of {len(charter.segments)} segments" if total is not None else "a segment is not evaluable"
        printed = ABSENT if total is None else str(total)
        yield _row((f"{name}.{LETTERS[n]}", group, f"total_{LETTERS[n]}", total, printed, why), signed)
    settled = found.settled
    total_, how = (settled.total, settled.how) if settled else (None, "not settled")
    printed = ABSENT if total_ is None else render_signed(total_)
    sources = seqs(settled.sources) if settled else ()
    yield _row((f"{name}.final", group, "total", total_, printed, how), sources)
    if None not in found.totals and len(found.totals) > 1:
        one, other = (total or 0 for total in found.totals[:2])
        told = (f"{name}.difference", group, "difference", one - other, render_signed(one - other))
        yield _row((*told, "first reader minus second"), sources)


def _agreement(block: ReadAgreement) -> Iterator[Told]:
    yield "scans", "all", "count", len(block.scans), str(len(block.scans)), "scans that every reader signed"
    for letter, readers in zip(LETTERS, block.readers, strict=False):
        if len(readers) > 1:
            told = f"readers.{letter}", f"reader {letter}", "count", len(readers), str(len(readers))
            yield *told, "people who read in this place, one after the other"
    if block.segments:
        found = block.segments
        yield "pairs", "all", "count", found.pairs, str(found.pairs), "segments both readers scored"
        yield "left_out", "all", "count", found.left_out, str(found.left_out), "segments one or both could not score"
        share = Fraction(found.same, found.pairs)
        yield "same", "all", "share", share, render_number(share * 100, 0), f"{found.same} of {found.pairs} equal"
        yield from _kappa("kappa.quadratic", found.quadratic)
        yield from _kappa("kappa.linear", found.linear)
    if block.forms and block.forms.value is not None:
        method = "Cohen's kappa of the form; no interval: segments of one patient are not independent"
        yield "kappa.form", "all", "kappa", block.forms.value, render_number(block.forms.value, 2), method
    if block.totals:
        yield from _coefficient("icc_2_1", block.totals.icc_2_1, "absolute agreement, single reader")
        yield from _coefficient("icc_3_1", block.totals.icc_3_1, "consistency, single reader")
    if block.limits:
        limits = block.limits.limits
        yield from _limit("bias", limits.bias, limits.method)
        yield from _limit("lower_limit", limits.exact_lower_limit, limits.method)
        yield from _limit("upper_limit", limits.exact_upper_limit, limits.method)


def _kappa(name: str, found: WeightedAgreement) -> Iterator[Told]:
    value = found.pooled.value
    printed = ABSENT if value is None else _signed(value)
    yield name, "all", "kappa", value, printed, f"{found.pooled.weights} weights"
    for side, limit in (("lower", found.lower), ("upper", found.upper)):
        shown = ABSENT if limit is None else _signed(limit)
        yield f"{name}.{side}", "all", f"kappa_{side}", limit, shown, found.resampled.method


def _signed(value: Fraction | Decimal) -> str:
    return render_number(value, 2).replace("-", MINUS)


def _coefficient(name: str, found: Coefficient, words: str) -> Iterator[Told]:
    for part, value in (("", found.value), (".lower", found.lower), (".upper", found.upper)):
        printed = ABSENT if value is None else _signed(value)
        yield f"{name}{part}", "all", f"icc{part.replace('.', '_')}", value, printed, f"ICC {found.form}, {words}"


def _limit(name: str, found: Limit, method: str) -> Iterator[Told]:
    for part, value in (("", found.estimate), (".lower", found.lower), (".upper", found.upper)):
        printed = ABSENT if value is None else render_signed(Fraction(value), 1, 1)
        yield f"{name}{part}", "all", f"{name}{part.replace('.', '_')}", value, printed, method


def _repeats(letter: str, found: Repeats) -> Iterator[Told]:
    group, n = f"reader {letter}", len(found.totals)
    yield f"repeats.{letter}.scans", group, "count", n, str(n), "scans this reader was given twice without knowing"
    if found.segments:
        share = Fraction(found.same, found.segments)
        words = f"{found.same} of {found.segments} segments scored the same again"
        yield f"repeats.{letter}.same", group, "share", share, render_number(share * 100, 0), words
    if found.kappa and found.kappa.value is not None:
        value = found.kappa.value
        yield f"repeats.{letter}.kappa", group, "kappa", value, render_number(value, 2), "quadratic weights"


def _by_reader(trial: Trial, endpoint: Endpoint, block: ReadAgreement) -> Iterator[Result]:
    """The change by each reader alone, beside the one of the settled score."""
    codes = trial.subjects.enrolled
    for place in (None, *range(len(block.readers))):
        name = f"change.{endpoint.id}.{'final' if place is None else LETTERS[place]}"
        group = "settled" if place is None else f"reader {LETTERS[place]}"
        sides = [
            [total_at(block, code, measured.visit, place) for code in codes]
            for measured in (endpoint.before, endpoint.after)
        ]
        scans = [scan for side in sides for _, scan in side if scan]
        sources = _sources_of(trial.reading, block, scans, place)
        values = [[value for value, _ in side] for side in sides]
        try:
            answer = compute_endpoint(values[0], values[1], codes, better=endpoint.better, unit=endpoint.unit)
        except NotComputable as refused:
            why = f"not computed: {refused}"
            yield _row((f"{name}.typical", group, "hodges_lehmann_typical", None, ABSENT, why), ())
            continue
        yield from _change(name, group, answer, sources)


def _sources_of(reading: Reading, block: ReadAgreement, scans: list[Scan], place: int | None) -> tuple[int, ...]:
    """The events of the settled scores, or those of the reads in one place."""
    if place is None:
        settled = [each.settled for each in block.scans if each.scan in scans and each.settled]
        return seqs(event for each in settled for event in each.sources)
    tasks = [reading.readings_of(scan.body.scan)[place] for scan in scans]
    return seqs(task.signed for task in tasks if task.signed)


def _change(name: str, group: str, answer: Answer, sources: tuple[int, ...]) -> Iterator[Result]:
    shift, p = answer.shift, answer.p
    for part, value in (("typical", shift.estimate), ("lower", shift.lower), ("upper", shift.upper)):
        printed = ABSENT if value is None else render_signed(value, answer.decimals, answer.decimals + 2)
        told = (f"{name}.{part}", group, f"hodges_lehmann_{part}", value, printed, shift.definition)
        yield _row(told, sources)
    exact = (f"{name}.p", group, "p_value", p.value, render_p(p, P_DECIMALS), f"{p.method}, two-sided")
    yield _row(exact, sources)
