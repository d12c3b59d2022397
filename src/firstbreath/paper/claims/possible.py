"""Claims of a whole summary: can any n values have this median, these quartiles, this range and this mean at once?"""

from decimal import Decimal
from typing import Annotated

from msgspec import Meta

from firstbreath.paper.claims.lookup import read_number, read_whole
from firstbreath.paper.claims.references import Number
from firstbreath.paper.claims.values import Claim, ClaimFolder, Source, Verdict, VerdictWord, conclude
from firstbreath.paper.claims.wording import render_source
from firstbreath.stats.consistency import check_grim
from firstbreath.stats.printed_numbers import compute_room
from firstbreath.stats.reconstruction import Reconstruction, reconstruct

PRINTED = ("median", "first", "third", "minimum", "maximum", "lowest", "highest")


class PossibleSummary(Claim, frozen=True, kw_only=True, tag="possible_summary", tag_field="kind"):
    """A median with its quartiles, range or mean that n values so recorded can, or cannot, have at once.

    `definition` is the Hyndman-Fan type of the quantiles; `lowest` and `highest` are the ends of the scale.
    """

    n: Number
    median: Number
    first: Number | None = None
    third: Number | None = None
    minimum: Number | None = None
    maximum: Number | None = None
    mean: Number | None = None
    lowest: Number | None = None
    highest: Number | None = None
    definition: Annotated[int, Meta(ge=1, le=9)] = 6
    recorded_decimals: Annotated[int, Meta(ge=0, le=12)] = 0


def check_possible_summary(claim: PossibleSummary, folder: ClaimFolder) -> Verdict:
    """What the printed quantiles reveal of the values, and whether they and the mean can stand together."""
    n, of = read_whole(folder, claim.n)
    given = {name: read_number(folder, number) for name in PRINTED if (number := getattr(claim, name)) is not None}
    answer = reconstruct(
        n,
        definition=claim.definition,
        decimals=claim.recorded_decimals,
        **{name: value for name, (value, _) in given.items()},
    )
    sources = (of, *(source for _, source in given.values()))
    verdict: VerdictWord = "reproduced" if answer.possible else "not attainable"
    if claim.mean is None or not answer.possible:
        return conclude(claim, verdict, answer.working, sources=sources)
    mean, source = read_number(folder, claim.mean)
    fits, text = _check_mean(mean, source, answer)
    verdict = "reproduced" if fits else "not attainable"
    return conclude(claim, verdict, f"{answer.working} {text}", sources=(*sources, source))


def _check_mean(mean: Decimal, source: Source, answer: Reconstruction) -> tuple[bool, str]:
    """Whether the printed mean is one that such values can have, in words."""
    (low, high), (least, most) = compute_room(mean), answer.mean
    if (least is not None and high < least) or (most is not None and low > most):
        return False, f"The mean printed, {render_source(source)}, lies outside that."
    if not check_grim(mean.scaleb(answer.decimals), answer.n):
        return False, f"No {answer.n} such values have a mean that prints {render_source(source)}."
    return True, f"The mean printed, {render_source(source)}, is not excluded."
