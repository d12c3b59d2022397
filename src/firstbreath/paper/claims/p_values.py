"""Claims of significance: can the named test print this p, does it fit the data, what do the counts imply."""

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from msgspec import Meta, Struct

from firstbreath.paper.claims.lookup import read_p, read_whole
from firstbreath.paper.claims.references import Number, PText
from firstbreath.paper.claims.values import Claim, ClaimFolder, Source, Verdict, VerdictWord, conclude
from firstbreath.paper.claims.wording import is_printed_as, render_exact, render_source
from firstbreath.stats.answers import PValue, render_p
from firstbreath.stats.attainability import Attainability, render_other
from firstbreath.stats.attaining_check import check_attainable
from firstbreath.stats.attaining_other import find_among, find_attaining, list_others
from firstbreath.stats.candidates import Test
from firstbreath.stats.printed_p import Relation, meets
from firstbreath.stats.ranks import sign_test_of_counts

PAIRED = ("signed-rank", "sign", "permutation-paired", "paired-t", "mcnemar", "friedman", "page")
SIGN_FLIP = ("signed-rank", "sign", "permutation-paired")
TestName = Literal[
    "signed-rank", "sign", "permutation-paired", "paired-t", "mcnemar", "friedman", "page",
    "rank-sum", "kruskal-wallis", "unpaired-t", "anova", "fisher", "chi-square",
]  # fmt: skip
Size = Annotated[int, Meta(ge=1, le=60)]


class AttainableP(Claim, frozen=True, kw_only=True, tag="attainable_p", tag_field="kind"):
    """A printed p, or a bound on one, against every value the named exact test can give at the sizes stated.

    `sizes` is the number of pairs, the group sizes, or for Friedman's test the subjects and the times. `near`
    is where to look for rank tests that could give it: the one or two sizes the paper states.
    """

    test: Test
    sizes: Annotated[tuple[Size, ...], Meta(min_length=1, max_length=6)]
    printed: PText
    sides: Literal[1, 2] = 2
    near: Annotated[tuple[Size, ...], Meta(max_length=2)] = ()
    sizes_up_to: Annotated[int, Meta(ge=1, le=16)] = 12


class Moved(Struct, frozen=True, kw_only=True):
    """So many of n subjects moved one way, in one variable."""

    about: str
    moved: Number
    of: Number


class DesignTest(Claim, frozen=True, kw_only=True, tag="design_test", tag_field="kind"):
    """The test named against how the measurements were taken; `counts` give the exact sign-test p."""

    test: TestName
    measured: Literal["same subjects", "different subjects"]
    counts: tuple[Moved, ...] = ()


class ImpliedP(Claim, frozen=True, kw_only=True, tag="implied_p", tag_field="kind"):
    """What k of n subjects moving one way implies for p, against a printed p or a stated significance."""

    test: TestName
    moved: Number
    of: Number
    printed: PText | None = None
    stated: Literal["", "significant", "not significant"] = ""
    level: Annotated[str, Meta(pattern=r"^0?\.[0-9]{1,6}$", description='a share in quotes, such as "0.05"')] = "0.05"


def check_attainable_p(claim: AttainableP, folder: ClaimFolder) -> Verdict:
    """Whether the named exact test can print this p, or meet this bound, and which tests and sizes could.

    Attainable is not reproduced: without the values of each subject the claim stays open.
    """
    relation, printed, source = read_p(folder, claim.printed)
    answer = check_attainable(claim.test, claim.sizes, printed, sides=claim.sides, relation=relation)
    if answer.attainable:
        working = f"{answer.working} Missing: the values of each subject."
        return conclude(claim, "not checkable", working, sources=(source,))
    others = _find_others(claim, printed, relation)
    working = (
        f"{answer.working} Not attainable by the test named. Exact tests that could print it: {_render_others(others)}."
    )
    return conclude(claim, "not attainable", working, sources=(source,))


def _find_others(claim: AttainableP, printed: Decimal, relation: Relation) -> tuple[Attainability, ...]:
    """Beside a rank test of pairs or of two groups those near the sizes stated, else those like the test named."""
    if claim.test in (*SIGN_FLIP, "rank-sum"):
        near = claim.near or (claim.sizes[0], claim.sizes[-1])
        return find_attaining(printed, sizes_up_to=claim.sizes_up_to, near=near, relation=relation)
    return find_among(list_others(claim.test, claim.sizes), printed, relation=relation)


def _render_others(others: tuple[Attainability, ...], most: int = 10) -> str:
    shown = "; ".join(render_other(other) for other in others[:most])
    more = f"; and {len(others) - most} more" if len(others) > most else ""
    return (shown or "none of those tried") + more


def check_design_test(claim: DesignTest, folder: ClaimFolder) -> Verdict:
    """Whether the test named takes measurements that were paired as these were."""
    same = claim.measured == "same subjects"
    takes = "repeated measurements of the same subjects" if claim.test in PAIRED else "independent groups"
    working = f"{claim.test} takes {takes}; the measurements are of {claim.measured}."
    fits = same == (claim.test in PAIRED)
    if same and not fits:
        working += " For these, a paired test (signed-rank; Friedman for more than two times) is the usual choice."
    sources: list[Source] = []
    for count in claim.counts:
        text, more = _render_count(count, folder)
        working += text
        sources += more
    return conclude(claim, "reproduced" if fits else "inconsistent", working, sources=tuple(sources))


def _render_count(count: Moved, folder: ClaimFolder) -> tuple[str, tuple[Source, ...]]:
    moved, source = read_whole(folder, count.moved)
    total, of = read_whole(folder, count.of)
    p = render_p(_sign_p(moved, total))
    return f" {count.about}: {moved} of {total} moved one way, exact sign test p = {p}.", (source, of)


def _sign_p(moved: int, total: int) -> PValue:
    """The exact two-sided sign test, the others counted as moved the other way."""
    if moved > total:
        raise ValueError(f"{moved} of {total} moved: a count cannot exceed its total.")
    return sign_test_of_counts(moved, total - moved)


def check_implied_p(claim: ImpliedP, folder: ClaimFolder) -> Verdict:
    """What an exact paired test can give when k of n subjects moved one way.

    Of the 2^n sign patterns, those in which the k keep their sign are at least as extreme in that
    direction, so its tail is at least 1/2^k; a two-sided p is at least 2/2^max(k, n - k), and exactly
    2/2^n when all n moved.
    Source: firstbreath; the statistic of a sign-flip test never falls when a negative change turns positive.
    """
    moved, source = read_whole(folder, claim.moved)
    total, of = read_whole(folder, claim.of)
    sign = _sign_p(moved, total)
    smallest = min(Fraction(2, 2 ** max(moved, total - moved)), Fraction(1))
    working = (
        f"{moved} of {total} moved one way. The exact sign test gives p = {render_p(sign)}; any exact paired "
        f"two-sided test gives {'exactly' if moved == total else 'at least'} {render_exact(smallest, 6)}."
    )
    verdict, compared, more = _judge_p(claim, folder, smallest=smallest, whole=moved == total)
    return conclude(claim, verdict, working + compared, sources=(source, of, *more))


def _judge_p(
    claim: ImpliedP, folder: ClaimFolder, *, smallest: Fraction, whole: bool
) -> tuple[VerdictWord, str, tuple[Source, ...]]:
    """The verdict, what was compared, and the source of the printed p."""
    if claim.test not in SIGN_FLIP:
        return (
            "not checkable",
            f" The test named is {claim.test}, to which this bound does not apply. Missing: its p-value.",
            (),
        )
    if claim.printed is not None:
        relation, printed, source = read_p(folder, claim.printed)
        fits = _fits(smallest, relation, printed, whole=whole)
        text = f" Printed: p = {render_source(source)}."
        if fits and not whole:
            return "not checkable", f"{text} Missing: the size of each change.", (source,)
        return ("reproduced" if fits else "inconsistent"), text, (source,)
    level = Fraction(Decimal(claim.level))
    text = f" Stated: {claim.stated or 'nothing'} at {claim.level}."
    return _judge_stated(claim.stated, below=smallest <= level, whole=whole), text, ()


def _fits(smallest: Fraction, relation: Relation, printed: Decimal, *, whole: bool) -> bool:
    """Whether the smallest p, or where not all moved one way also any larger one, is as printed."""
    if relation == "=":
        return is_printed_as(smallest, printed) or (not whole and Fraction(printed) > smallest)
    return meets(smallest, relation, printed) or (not whole and meets(Fraction(1), relation, printed))


def _judge_stated(stated: str, *, below: bool, whole: bool) -> VerdictWord:
    """Significance claimed against the smallest p there can be."""
    if stated == "significant":
        return "not attainable" if not below else "reproduced" if whole else "not checkable"
    if stated == "not significant":
        return "reproduced" if not below else "inconsistent" if whole else "not checkable"
    return "not checkable"
