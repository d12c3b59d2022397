"""Who asks something of this slice, and what the answer is made of."""

from __future__ import annotations

import msgspec

from firstbreath.events import kinds
from firstbreath.events.decisions import Reason

Found = tuple[list[Reason], kinds.Kind | None]
"""What stands against an act, and the event that would be written."""


class AskedOf(msgspec.Struct, frozen=True):
    """Who asks, in which role, under what name and why; and the names of those who may read."""

    actor: str
    role: str
    name: str
    reason: str
    readers: frozenset[str] = frozenset()
