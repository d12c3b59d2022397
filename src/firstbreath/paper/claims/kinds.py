"""Every kind of claim by its name: the struct that `claims.toml` fills, and the function that checks it."""

from collections.abc import Callable, Mapping
from typing import Any

from firstbreath.paper.claims.counting import (
    AllNone,
    Count,
    Levels,
    Listed,
    check_all_none,
    check_count,
    check_levels,
    check_listed,
)
from firstbreath.paper.claims.dates import (
    DateOrder,
    ImpliedDate,
    RowOrder,
    check_date_order,
    check_implied_date,
    check_row_order,
)
from firstbreath.paper.claims.definitions import (
    BoundSign,
    DefinitionGap,
    DefinitionMatch,
    check_bound_sign,
    check_definition_gap,
    check_definition_match,
)
from firstbreath.paper.claims.eligibility import Eligibility, check_eligibility
from firstbreath.paper.claims.enrolment_calendar import Calendar, check_calendar
from firstbreath.paper.claims.intervals import (
    IntervalAgrees,
    ProportionInterval,
    check_interval_agrees,
    check_proportion_interval,
)
from firstbreath.paper.claims.p_values import (
    AttainableP,
    DesignTest,
    ImpliedP,
    check_attainable_p,
    check_design_test,
    check_implied_p,
)
from firstbreath.paper.claims.possible import PossibleSummary, check_possible_summary
from firstbreath.paper.claims.proportions import ProportionShown, check_proportion
from firstbreath.paper.claims.ranges import (
    ReferenceRange,
    UnitPlausible,
    check_reference_range,
    check_unit_plausible,
)
from firstbreath.paper.claims.statements import (
    Promised,
    Registry,
    StatementPair,
    TextAndTable,
    Twin,
    check_promised,
    check_registry,
    check_statement_pair,
    check_text_and_table,
    check_twin,
)
from firstbreath.paper.claims.summaries import (
    Change,
    Granularity,
    Quartiles,
    Summary,
    check_change,
    check_granularity,
    check_quartiles,
    check_summary,
)
from firstbreath.paper.claims.sums import (
    Ratio,
    SumParts,
    TotalDose,
    check_ratio,
    check_sum_parts,
    check_total_dose,
)
from firstbreath.paper.claims.values import Claim, ClaimFolder, Verdict

Check = Callable[[Any, ClaimFolder], Verdict]

FEWEST: Mapping[str, Mapping[str, int]] = {
    "date_order": {"days": 2},
    "definition_gap": {"classes": 2},
    "definition_match": {"classes": 1},
    "reference_range": {"printed": 1},
    "registry": {"registry": 1},
    "statement_pair": {"statements": 2},
    "sum_parts": {"parts": 1},
    "text_and_table": {"pairs": 1},
    "twin": {"first": 1, "second": 1},
}
"""How many elements a list needs before there is anything to check."""

KINDS: Mapping[str, tuple[type[Claim], Check]] = {
    "all_none": (AllNone, check_all_none),
    "attainable_p": (AttainableP, check_attainable_p),
    "bound_sign": (BoundSign, check_bound_sign),
    "calendar": (Calendar, check_calendar),
    "change": (Change, check_change),
    "count": (Count, check_count),
    "date_order": (DateOrder, check_date_order),
    "definition_gap": (DefinitionGap, check_definition_gap),
    "definition_match": (DefinitionMatch, check_definition_match),
    "design_test": (DesignTest, check_design_test),
    "eligibility": (Eligibility, check_eligibility),
    "granularity": (Granularity, check_granularity),
    "implied_date": (ImpliedDate, check_implied_date),
    "implied_p": (ImpliedP, check_implied_p),
    "interval": (IntervalAgrees, check_interval_agrees),
    "levels": (Levels, check_levels),
    "listed": (Listed, check_listed),
    "possible_summary": (PossibleSummary, check_possible_summary),
    "promised": (Promised, check_promised),
    "proportion": (ProportionShown, check_proportion),
    "proportion_interval": (ProportionInterval, check_proportion_interval),
    "quartiles": (Quartiles, check_quartiles),
    "ratio": (Ratio, check_ratio),
    "reference_range": (ReferenceRange, check_reference_range),
    "registry": (Registry, check_registry),
    "row_order": (RowOrder, check_row_order),
    "statement_pair": (StatementPair, check_statement_pair),
    "sum_parts": (SumParts, check_sum_parts),
    "summary": (Summary, check_summary),
    "text_and_table": (TextAndTable, check_text_and_table),
    "total_dose": (TotalDose, check_total_dose),
    "twin": (Twin, check_twin),
    "unit_plausible": (UnitPlausible, check_unit_plausible),
}
