"""The verdict on every claim of a folder."""

from collections import Counter

from firstbreath.paper.claims.kinds import KINDS
from firstbreath.paper.claims.values import VERDICTS, Claim, ClaimFolder, Verdict, conclude, kind_of


def check_claims(folder: ClaimFolder) -> tuple[Verdict, ...]:
    """One verdict a claim, in the order of the file."""
    return tuple(check_claim(claim, folder) for claim in folder.claims)


def check_claim(claim: Claim, folder: ClaimFolder) -> Verdict:
    """The verdict on one claim; a value no check can take leaves it open, with the reason as working."""
    _, check = KINDS[kind_of(claim)]
    try:
        return check(claim, folder)
    except ValueError as refused:  # how the exact statistics refuse a size or a value out of range
        return conclude(claim, "not checkable", f"The values cannot be checked: {str(refused).rstrip('.')}.")


def render_verdict_counts(verdicts: tuple[Verdict, ...]) -> str:
    """The line that counts the verdicts: `5 claims: 3 reproduced, 1 contradicted, ...`."""
    counts = Counter(verdict.verdict for verdict in verdicts)
    shown = ", ".join(f"{counts[word]} {word}" for word in VERDICTS if counts[word])
    claims = "1 claim" if len(verdicts) == 1 else f"{len(verdicts)} claims"
    return f"{claims}: {shown}" if shown else claims
