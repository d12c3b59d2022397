"""The answer for one endpoint: everything a reader needs beside its p-value, in one frozen value."""

from decimal import Decimal
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from firstbreath.stats.answers import Interval, PValue
from firstbreath.stats.missing import MissingBounds
from firstbreath.stats.proportions import Proportion
from firstbreath.stats.quantiles import Quartiles
from firstbreath.stats.ranks import Zeros

Better = Literal["lower", "higher"]


class Patient(Struct, frozen=True):
    """One patient's values by code, None where missing, and the difference after minus before.

    time : "both" when the design is paired, else the one time the patient belongs to.
    """

    id: str
    before: Fraction | None
    after: Fraction | None
    difference: Fraction | None
    time: Literal["both", "before", "after"] = "both"


class SignCount(Struct, frozen=True):
    """Of those that changed, how many changed as `direction` says, with exact interval and sign test.

    direction : "better" where a better side is named, else "rose". share, p : None when none changed.
    """

    direction: str
    changed_so: int
    changed: int
    unchanged: int
    share: Proportion | None
    p: PValue | None


class Endpoint(Struct, frozen=True):
    """One endpoint before and after in a few patients.

    design : "paired" on those with both values when any code is given at both times. patients : all, as given.
    decimals : as recorded. before, after : quartiles, type 6, of the patients compared.
    shift : Hodges-Lehmann, after minus before. p : exact, two-sided, signed rank or rank sum; `p.smallest` is the
    least its ties and zeros allow. least_p : numerator and denominator of the least that so many patients could
    give without any. signs : None when unpaired. rank_biserial : above 0 for a rise; None when no patient changed.
    missing : None when nothing is missing, or when `unbounded` says why there are no bounds.
    tests_done : on the trial in all. bonferroni : p times the tests done, at most 1. sentences : this in words.
    """

    design: Literal["paired", "unpaired"]
    better: Better | None
    unit: str
    decimals: int
    patients: tuple[Patient, ...]
    before: Quartiles
    after: Quartiles
    shift: Interval
    p: PValue
    zeros: Zeros
    least_p: tuple[int, int]
    signs: SignCount | None
    rank_biserial: Fraction | None
    missing: MissingBounds | None
    unbounded: str
    tests_done: int
    bonferroni: Fraction
    level: Decimal
    sentences: tuple[str, ...] = ()
