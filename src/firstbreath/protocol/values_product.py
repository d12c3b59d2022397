"""How the product is kept on its way from the maker to the mouthpiece, and what its temperature may be."""

from decimal import Decimal

from firstbreath.protocol.values_base import Amount, Count, Sourced


class ColdChain(Sourced, frozen=True, kw_only=True):
    """Limits of temperature and time; what is left out is not judged, and what is not judged is not in label.

    transport_max_c, storage_max_c  the highest temperature in label, °C; each limit itself is still in label
    storage_min_c                   the lowest, °C, where there is one
    melting_from_c, melting_to_c    the band in which the frozen product melts, °C: it is frozen below, thawed above
    freeze_thaws                    how often a vial may pass the band upwards before it is thawed for a dose
    spike_minutes                   a rise above a limit that is shorter is a door, not an excursion
    gap_minutes                     the longest time without a reading
    use_within_minutes              from the start of thawing to the start of the inhalation
    calibrated                      a record needs a logger whose calibration covers it; without, it needs a decision
    syringe_step_ml                 what the syringe can be read to
    """

    frozen: bool = True
    transport_max_c: Decimal | None = None
    storage_max_c: Decimal | None = None
    storage_min_c: Decimal | None = None
    melting_from_c: Decimal = Decimal(-3)
    melting_to_c: Decimal = Decimal(0)
    freeze_thaws: int = 0
    spike_minutes: Count | None = None
    gap_minutes: Count | None = None
    use_within_minutes: Count | None = None
    calibrated: bool = False
    syringe_step_ml: Amount | None = None
