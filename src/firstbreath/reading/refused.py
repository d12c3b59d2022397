"""Why what was sent is not taken in."""

from firstbreath.events.decisions import Reason


class ScanRefused(Exception):
    """What was sent is not taken in, and every reason for it."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__("; ".join(reason.text for reason in reasons))
        self.reasons = reasons


def refuse(code: str, text: str, fix: str) -> ScanRefused:
    """A refusal with one reason."""
    return ScanRefused(Reason(code, text, fix))
