"""The claims page: how many of each verdict, and those that were asked for."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from firstbreath.paper.claims import Verdict
from firstbreath.paper.outline import VERDICT_WORDS
from firstbreath.web.pages.words import sign_of


class Choice(msgspec.Struct, frozen=True):
    """A verdict that can be filtered by: its word and sign, how many claims have it, whether it is chosen."""

    word: str
    sign: str
    number: int
    chosen: bool


class ClaimLine(msgspec.Struct, frozen=True):
    """A claim with the sign of its verdict."""

    verdict: Verdict
    sign: str


class ClaimsPage(msgspec.Struct, frozen=True):
    """The claims shown, of how many; `chosen` is the verdict filtered by, or empty."""

    chosen: str
    total: int
    choices: tuple[Choice, ...]
    lines: tuple[ClaimLine, ...]


def compute_claims_page(verdicts: Sequence[Verdict], chosen: str) -> ClaimsPage:
    """The page of the claims that have the chosen verdict; of all, in the paper's order, when none is chosen."""
    order = list(VERDICT_WORDS)
    shown = [verdict for verdict in verdicts if chosen in ("", verdict.verdict)]
    shown.sort(key=lambda verdict: order.index(verdict.verdict))
    numbers = Counter(verdict.verdict for verdict in verdicts)
    return ClaimsPage(
        chosen=chosen,
        total=len(verdicts),
        choices=tuple(Choice(word, sign_of(word), numbers[word], word == chosen) for word in VERDICT_WORDS),
        lines=tuple(ClaimLine(verdict, sign_of(verdict.verdict)) for verdict in shown),
    )
