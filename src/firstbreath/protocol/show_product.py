"""How cold the product is kept and for how long, as people read it."""

from firstbreath.protocol.layout import render_columns
from firstbreath.protocol.values import ColdChain, Protocol
from firstbreath.protocol.words import render_value


def render_cold_chain(protocol: Protocol) -> str:
    """Every limit of temperature and time; empty where the protocol states none."""
    chain = protocol.design.cold_chain
    return render_columns(list(cold_chain_facts(chain))) if chain else ""


def cold_chain_facts(chain: ColdChain) -> tuple[tuple[str, str], ...]:
    """Each limit with its name; what is not stated is left out."""
    low, high = render_value(chain.storage_min_c), render_value(chain.storage_max_c)
    stated = (
        ("Kept", "frozen" if chain.frozen else "not frozen"),
        ("Transport, at most", _with(chain.transport_max_c, "°C")),
        ("Storage, at most", _with(chain.storage_max_c, "°C") if high else ""),
        ("Storage, at least", _with(chain.storage_min_c, "°C") if low else ""),
        ("Melts between", f"{chain.melting_from_c} and {chain.melting_to_c} °C" if chain.frozen else ""),
        ("Freeze-thaws allowed", str(chain.freeze_thaws) if chain.frozen else ""),
        ("A door opens for less than", _with(chain.spike_minutes, "minutes")),
        ("Longest time without a reading", _with(chain.gap_minutes, "minutes")),
        ("Inhaled within", f"{chain.use_within_minutes} minutes of thawing" if chain.use_within_minutes else ""),
        ("Logger", "calibrated for the whole record" if chain.calibrated else ""),
        ("Syringe read to", _with(chain.syringe_step_ml, "ml")),
        ("Source", chain.source),
    )
    return tuple((name, words) for name, words in stated if words)


def _with(number: object, unit: str) -> str:
    return "" if number is None else f"{number} {unit}"
