"""What must hold of the cold chain: its limits are in order."""

from collections.abc import Iterator

from firstbreath.protocol.complaints import Complaint
from firstbreath.protocol.values import Protocol

FILE, PART = "protocol.toml", "cold_chain"


def check_cold_chain(protocol: Protocol) -> Iterator[Complaint]:
    """The melting band and the storage limits begin below where they end; nothing frozen is kept where it melts."""
    chain = protocol.design.cold_chain
    if chain is None:
        return
    if chain.melting_from_c >= chain.melting_to_c:
        what = f"Melting from {chain.melting_from_c} to {chain.melting_to_c} °C is no band."
        yield Complaint(FILE, (PART, "melting_from_c"), "PROT-130", what, "Give the lower temperature first.")
    low, high = chain.storage_min_c, chain.storage_max_c
    if low is not None and high is not None and low >= high:
        what = f"Storage at {low} to {high} °C is no range."
        yield Complaint(FILE, (PART, "storage_min_c"), "PROT-131", what, "Give the lower temperature first.")
    for name, limit in (("transport_max_c", chain.transport_max_c), ("storage_max_c", chain.storage_max_c)):
        if chain.frozen and limit is not None and limit > chain.melting_from_c:
            what = f"At {limit} °C the product is not frozen: it melts from {chain.melting_from_c} °C."
            yield Complaint(FILE, (PART, name), "PROT-132", what, "Give a colder limit, or say frozen = false.")
    if chain.freeze_thaws < 0:
        yield Complaint(FILE, (PART, "freeze_thaws"), "PROT-133", "Freeze-thaws are below zero.", "Give 0 or more.")
