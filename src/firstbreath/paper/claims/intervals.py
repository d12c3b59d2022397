"""Claims of an interval: does it agree with its estimate and its p, and which method gives the limits of k of n."""

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta

from firstbreath.paper.claims.lookup import read_number, read_printed, read_whole
from firstbreath.paper.claims.references import Number, PText
from firstbreath.paper.claims.values import Claim, ClaimFolder, Source, Verdict, VerdictWord, conclude
from firstbreath.stats.coherence import check_interval, check_p_interval
from firstbreath.stats.interval_methods import find_interval_methods
from firstbreath.stats.proportions import NAMES

Level = Annotated[str, Meta(pattern=r"^0?\.[0-9]{1,6}$", description='a share in quotes, such as "0.95"')]


class IntervalAgrees(Claim, frozen=True, kw_only=True, tag="interval", tag_field="kind"):
    """An estimate, its interval and its p, which should say the same.

    `null` is the value tested, 0 for a difference and 1 for a ratio; `lowest` and `highest` are the ends of
    what there can be.
    """

    lower: Number
    upper: Number
    estimate: Number | None = None
    p: PText | None = None
    null: Decimal = Decimal(0)
    level: Level = "0.95"
    lowest: Decimal | None = None
    highest: Decimal | None = None


class ProportionInterval(Claim, frozen=True, kw_only=True, tag="proportion_interval", tag_field="kind"):
    """The limits of k of n, in percent, against the methods that could have given them; `method` is the one named."""

    k: Number
    n: Number
    lower: Number | None = None
    upper: Number | None = None
    method: Literal["", "clopper-pearson", "wilson", "jeffreys", "wald"] = ""
    level: Level = "0.95"


def check_interval_agrees(claim: IntervalAgrees, folder: ClaimFolder) -> Verdict:
    """The estimate within its limits, the limits within what there can be, and the p on the side they are."""
    (lower, first), (upper, second) = read_number(folder, claim.lower), read_number(folder, claim.upper)
    estimate, more = (None, ()) if claim.estimate is None else _read_one(folder, claim.estimate)
    found = [check_interval(estimate, lower, upper, lowest=claim.lowest, highest=claim.highest)]
    sources: tuple[Source, ...] = (*more, first, second)
    if claim.p is not None:
        source = read_printed(folder, claim.p)
        level = Decimal(claim.level)
        if lower <= upper:
            found.append(check_p_interval(source.value, lower, upper, null=claim.null, level=level))
        sources = (*sources, source)
    verdicts = [one.verdict for one in found]
    verdict: VerdictWord = "inconsistent" if False in verdicts else "reproduced"
    working = " ".join(one.working for one in found)
    if verdict == "reproduced" and None in verdicts:
        verdict, working = "not checkable", f"{working} Missing: more digits of the limits or of p."
    return conclude(claim, verdict, working, sources=sources)


def _read_one(folder: ClaimFolder, number: Number) -> tuple[Decimal, tuple[Source, ...]]:
    value, source = read_number(folder, number)
    return value, (source,)


def check_proportion_interval(claim: ProportionInterval, folder: ClaimFolder) -> Verdict:
    """The printed limits against those of the method named, or of any usual one; an unknown method leaves it open."""
    (k, k_source), (n, n_source) = read_whole(folder, claim.k), read_whole(folder, claim.n)
    ends = [None if end is None else _read_one(folder, end) for end in (claim.lower, claim.upper)]
    lower, upper = (None if end is None else end[0] for end in ends)
    answer = find_interval_methods(k, n, lower=lower, upper=upper, level=Decimal(claim.level), percent=True)
    named = "Wald" if claim.method == "wald" else NAMES.get(claim.method, "")
    fitting = [method for method in answer.methods if method.startswith(named)]
    verdict: VerdictWord = "reproduced" if fitting else "contradicted" if named else "not checkable"
    missing = " Missing: the method of the interval." if verdict == "not checkable" else ""
    more = tuple(source for end in ends if end is not None for source in end[1])
    return conclude(claim, verdict, answer.working + missing, sources=(k_source, n_source, *more))
