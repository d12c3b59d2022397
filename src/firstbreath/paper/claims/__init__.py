"""The claims checker: what a paper prints and where, against its own tables, with a verdict and its working.

Three names to know: `parse_claims` (a `claims.toml` and CSV texts to a `ClaimFolder`, or all findings),
`check_claims` (the folder to one `Verdict` a claim) and `KINDS` (every kind of claim it can check).
This room must never touch a file, guess a value that is not printed, or say more than "not attainable by
the test named": a verdict is on a printed statement, never on a person.
"""

from firstbreath.paper.claims.check import check_claim, check_claims, render_verdict_counts
from firstbreath.paper.claims.kinds import KINDS
from firstbreath.paper.claims.parse import parse_claims
from firstbreath.paper.claims.values import (
    VERDICTS,
    Claim,
    ClaimFolder,
    Source,
    Verdict,
    VerdictWord,
    encode_verdicts,
)

__all__ = [
    "KINDS",
    "VERDICTS",
    "Claim",
    "ClaimFolder",
    "Source",
    "Verdict",
    "VerdictWord",
    "check_claim",
    "check_claims",
    "encode_verdicts",
    "parse_claims",
    "render_verdict_counts",
]
