"""A small trial whose protocol limits the cold chain, and whose vials are kept in the register."""

from __future__ import annotations

from functools import lru_cache

from tests.support.small_trial import FILES

from firstbreath.protocol.folder import parse_protocol
from firstbreath.protocol.values import Protocol

COLD_CHAIN = """
[cold_chain]
transport_max_c = -60
storage_max_c = -15
spike_minutes = 5
gap_minutes = 30
use_within_minutes = 120
syringe_step_ml = 0.1

[[doses]]"""
TRACKED_FILES = FILES | {
    "protocol.toml": FILES["protocol.toml"]
    .replace("[trial]\n", '[trial]\nsites = ["North", "South"]\n', 1)
    .replace("\n[[doses]]", COLD_CHAIN, 1)
}


@lru_cache(maxsize=1)
def tracked_protocol() -> Protocol:
    """The protocol of that trial."""
    protocol, findings = parse_protocol(TRACKED_FILES)
    assert protocol is not None, findings
    return protocol
