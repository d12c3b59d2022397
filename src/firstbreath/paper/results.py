"""Results first: one row per number, each with its method and the events it came from."""

from collections.abc import Iterable, Sequence, Sized
from decimal import Decimal, localcontext
from fractions import Fraction

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.paper.background import render_count
from firstbreath.paper.endpoint_rows import compute_endpoint_results
from firstbreath.paper.rate_rows import compute_rate_results
from firstbreath.paper.reading_rows import compute_reading_results
from firstbreath.paper.rows import ABSENT, RECORDED, Result, enrolled_subjects, read_number, seqs
from firstbreath.protocol.rules import Value, evaluate_rule, parse_rule
from firstbreath.protocol.values import Protocol, Summary
from firstbreath.stats.quantiles import compute_quartiles
from firstbreath.stats.rounding import decimals_of, render_number
from firstbreath.subjects.doses import doses_of
from firstbreath.subjects.eligibility import derived_rules
from firstbreath.subjects.forms import Entered, current_values, entered_fields, records_of
from firstbreath.subjects.state import Subject
from firstbreath.trial.state import Trial

__all__ = ["Result", "compute_results", "enrolled_subjects", "read_number", "render_power", "seqs"]


def compute_listing_results(trial: Trial, protocol: Protocol) -> list[Result]:
    """One row for each cell of the listings by subject and by record."""
    rows: list[Result] = []
    for table in protocol.analysis.tables:
        fields = [column.field for column in table.columns]
        for subject in enrolled_subjects(trial):
            if table.kind == "subjects":
                rows += _cells(f"{table.id}.{subject.code}", subject, _latest(subject, protocol), fields=fields)
            elif table.kind == "records":
                for n, (key, versions) in enumerate(records_of(subject, table.form), 1):
                    found = entered_fields(key, versions)
                    rows += _cells(f"{table.id}.{subject.code}.{n}", subject, found, fields=fields)
    return rows


def _latest(subject: Subject, protocol: Protocol) -> dict[str, Entered]:
    """The latest entry of every field of a subject."""
    latest: dict[str, Entered] = {}
    for form in protocol.forms:
        for key, versions in records_of(subject, form.id):
            latest |= entered_fields(key, versions)
    return latest


def _cells(prefix: str, subject: Subject, found: dict[str, Entered], *, fields: Sequence[str]) -> list[Result]:
    return [_cell(f"{prefix}.{field}", subject.code, field, found.get(field)) for field in fields]


def _cell(result_id: str, group: str, field: str, entered: Entered | None) -> Result:
    if entered is None:
        return Result(result_id, "enrolled", group, field, "value", "", ABSENT, "not recorded", ())
    entry = entered.entry if isinstance(entered.entry, str) else ", ".join(entered.entry)
    method = f"absent: {entered.absent}" if entered.absent else RECORDED
    return Result(result_id, "enrolled", group, field, "value", entry, entry or ABSENT, method, (entered.event.seq,))


def compute_summary_results(trial: Trial, protocol: Protocol) -> list[Result]:
    """The numbers of the text: counts k of n, and medians with quartiles by the protocol's definition."""
    rows: list[Result] = []
    for summary in protocol.analysis.summaries:
        if summary.statistic == "count":
            rows += _count(summary, trial, protocol)
        else:
            rows += _median_quartiles(summary, trial, protocol)
    return rows


def _count(summary: Summary, trial: Trial, protocol: Protocol) -> list[Result]:
    """How many enrolled subjects a rule holds for, of those for whom it can be told."""
    rule = parse_rule(summary.where)
    derived = derived_rules(protocol)
    holds, told, sources = 0, 0, set[int]()
    for subject in enrolled_subjects(trial):
        values, events = current_values(subject, protocol)
        outcome = evaluate_rule(rule, values, derived)
        told += outcome.truth is not None
        holds += outcome.truth is True
        sources |= {events[name].seq for name, _ in outcome.decided_by}
    unknown = len(trial.subjects.enrolled) - told
    method = f"subjects with `{summary.where}`" + (f"; unknown in {unknown}" if unknown else "")
    id_, group, ordered = f"S.{summary.id}", "all", tuple(sorted(sources))
    return [
        Result(f"{id_}.k", "enrolled", group, summary.field, "count", str(holds), str(holds), method, ordered),
        Result(f"{id_}.n", "enrolled", group, summary.field, "n", str(told), str(told), method, ordered),
    ]


def _median_quartiles(summary: Summary, trial: Trial, protocol: Protocol) -> list[Result]:
    numbers: list[Decimal] = []
    sources: set[int] = set()
    for subject in enrolled_subjects(trial):
        value, event = _number_of(subject, protocol, summary.field)
        if value is not None and event is not None:
            numbers.append(value)
            sources.add(event.seq)
    method = f"Hyndman-Fan type {protocol.analysis.quantiles}, n = {len(numbers)}"
    ordered = tuple(sorted(sources))
    if not numbers:
        return [
            Result(f"S.{summary.id}.median", "enrolled", "all", summary.field, "median", "", ABSENT, "no values", ())
        ]
    quartiles = compute_quartiles(numbers, protocol.analysis.quantiles)
    decimals = max(decimals_of(number) for number in numbers)
    parts = {"median": quartiles.median, "first_quartile": quartiles.first, "third_quartile": quartiles.third}
    return [
        Result(
            f"S.{summary.id}.{name}", "enrolled", "all", summary.field, name,
            _exact(value), _print_quantile(value, decimals), method, ordered,
        )
        for name, value in parts.items()
    ]  # fmt: skip


def _print_quantile(value: Fraction, decimals: int) -> str:
    """As many decimals as the values have, one more where the quantile falls between two of them."""
    shown = decimals if (value * 10**decimals).denominator == 1 else decimals + 1
    return str(render_number(value, shown))


def _number_of(subject: Subject, protocol: Protocol, field: str) -> tuple[Decimal | None, Event | None]:
    values, events = current_values(subject, protocol)
    value: Value | None = values.get(field)
    return (value, events[field]) if isinstance(value, Decimal) else (None, None)


def _exact(value: Fraction) -> str:
    return str(value)


def compute_flow_results(trial: Trial, protocol: Protocol) -> list[Result]:
    """The participant flow: screened, enrolled, dosed, given every dose, followed up, ended."""
    everyone = trial.subjects.all()
    dosed = [s for s in everyone if any(day.status in EXPOSED for day in doses_of(s, protocol))]
    waiting = [s for s in everyone if not s.enrolled and not s.ended]
    out = [s for s in everyone if not s.enrolled and s.ended]
    full = [s for s in dosed if all(day.status == "given" for day in doses_of(s, protocol))]
    steps: list[tuple[str, Sized, list[Event]]] = [
        ("screened", everyone, [s.screened for s in everyone]),
        ("in_screening", waiting, [s.screened for s in waiting]),
        ("not_enrolled", out, [s.ended for s in out if s.ended]),
        ("enrolled", enrolled_subjects(trial), [s.enrolled for s in everyone if s.enrolled]),
        ("dosed", dosed, _exposures(dosed)),
        ("all_doses", full, _exposures(full)),
        ("reviewed", list(trial.safety.latest), list(trial.safety.latest.values())),
        ("ended", [s for s in everyone if s.ended], [s.ended for s in everyone if s.ended]),
    ]
    return [
        _flow(name, "" if name in trial.not_recorded else str(len(members)), seqs(events))
        for name, members, events in steps
    ]


EXPOSED = ("given", "interrupted")
"""What became of a dose that the subject inhaled at least in part."""


def _exposures(subjects: Iterable[Subject]) -> list[Event]:
    """The events of the doses that were inhaled, wholly or in part."""
    events = (event for subject in subjects for event in subject.doses.values())
    return [event for event in events if not isinstance(event.body, kinds.DoseMissed)]


def _flow(name: str, count: str, sources: tuple[int, ...]) -> Result:
    """A step of the flow; a count that the log's source does not print is absent, not zero."""
    method = f"subjects {name.replace('_', ' ')}" if count else "not printed by the source of this log"
    kept = sources if count else ()
    return Result(f"FLOW.{name}", "screened", "all", "subjects", "count", count, count or ABSENT, method, kept)


def compute_exposure_results(trial: Trial, protocol: Protocol) -> list[Result]:
    """Doses given in full to each subject and their total amount, exactly."""
    rows: list[Result] = []
    for subject in enrolled_subjects(trial):
        given = [day.event for day in doses_of(subject, protocol) if day.status == "given" and day.event]
        bodies = [event.body for event in given if isinstance(event.body, kinds.DoseGiven)]
        total = sum((Fraction(body.amount) for body in bodies), Fraction(0))
        units = " and ".join(sorted({body.unit for body in bodies}))
        code, sources = subject.code, seqs(given)
        count = str(len(given))
        rows.append(
            Result(f"EX.{code}.doses", "enrolled", code, "doses", "count", count, count, "doses given in full", sources)
        )
        printed = render_power(total) if " and " not in units else ABSENT
        method = "sum of the doses given in full" if printed != ABSENT else "not summed: different units"
        rows.append(
            Result(
                f"EX.{code}.total", "enrolled", code, f"amount, {units}", "sum", str(total), printed, method, sources
            )
        )
    return rows


LARGE = 10_000


def render_power(number: Decimal | Fraction) -> str:
    """A large number as people of the trade print it, no digit lost: 2.0 × 10⁸; a small one as it is."""
    with localcontext(prec=100):
        exact = number if isinstance(number, Decimal) else Decimal(number.numerator) / Decimal(number.denominator)
        return render_count(exact) if abs(exact) >= LARGE else f"{exact:f}"


def compute_deviation_results(trial: Trial) -> list[Result]:
    """Every recorded departure from the protocol, in the order recorded."""
    rows: list[Result] = []
    for subject in trial.subjects.all():
        for n, event in enumerate(subject.deviations, 1):
            if isinstance(event.body, kinds.DeviationRecorded):
                said, about = event.body.text, (subject.code, event.body.category)
                rows.append(
                    Result(f"DEV.{subject.code}.{n}", "screened", *about, "value", said, said, RECORDED, (event.seq,))
                )
    return rows


def compute_results(trial: Trial) -> tuple[Result, ...]:
    """Every row of the trial, in the order of the paper; nothing before a protocol is in force."""
    protocol = trial.protocol
    if protocol is None:
        return ()
    counted = compute_summary_results(trial, protocol)
    return (
        *compute_flow_results(trial, protocol),
        *compute_exposure_results(trial, protocol),
        *counted,
        *compute_rate_results(protocol, {row.id: row for row in counted}),
        *compute_endpoint_results(trial, protocol),
        *compute_reading_results(trial, protocol),
        *compute_listing_results(trial, protocol),
        *compute_deviation_results(trial),
    )
