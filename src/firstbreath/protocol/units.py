"""Units of laboratory values: which can be turned into which, exactly, and which cannot.

Mass and amount of substance are joined by the molar mass of the analyte (PubChem, National Library of Medicine;
compound numbers below). Nothing is converted whose unit or analyte is not in these tables.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import msgspec


class Molar(msgspec.Struct, frozen=True):
    """The molar mass of an analyte in g/mol, and where it is printed."""

    g_per_mol: Fraction
    source: str


MOLAR: Mapping[str, Molar] = {
    "creatinine": Molar(Fraction("113.12"), "PubChem CID 588"),
    "glucose": Molar(Fraction("180.16"), "PubChem CID 5793"),
    "urea": Molar(Fraction("60.056"), "PubChem CID 1176"),
    "bilirubin": Molar(Fraction("584.7"), "PubChem CID 5280352"),
}
"""By the word that the field's id holds."""

Scale = dict[str, Fraction | int]
_MASS: Scale = {
    "g/l": 1,
    "mg/l": Fraction(1, 10**3),
    "ug/l": Fraction(1, 10**6),
    "ng/l": Fraction(1, 10**9),
}
_MASS |= {"g/dl": 10, "mg/dl": Fraction(1, 100), "ug/dl": Fraction(1, 10**5)}
_MASS |= {"mg/ml": 1, "ug/ml": Fraction(1, 10**3), "ng/ml": Fraction(1, 10**6), "pg/ml": Fraction(1, 10**9)}
_AMOUNT: Scale = {
    "mol/l": 1,
    "mmol/l": Fraction(1, 10**3),
    "umol/l": Fraction(1, 10**6),
    "nmol/l": Fraction(1, 10**9),
}
_COUNT: Scale = {"10^9/l": 1, "10^3/ul": 1, "10^6/l": Fraction(1, 10**3), "10^12/l": 1000}
_ACTIVITY: Scale = {"u/l": 1, "iu/l": 1, "ukat/l": 60}
FACTORS: Mapping[str, tuple[str, Fraction]] = {
    unit: (kind, Fraction(factor))
    for kind, units in (("mass", _MASS), ("amount", _AMOUNT), ("count", _COUNT), ("activity", _ACTIVITY))
    for unit, factor in units.items()
}
"""What a unit measures, and how many of the kind's own unit (g/L, mol/L, 10^9/L, U/L) it is; 1 ukat is 60 U."""
_SPELLINGS = str.maketrans({"μ": "u", "µ": "u", "⁹": "^9", "³": "^3", "⁶": "^6", "×": "", "*": "^", " ": ""})


class UnitError(ValueError):
    """A unit that is not known here, or that cannot be turned into another; the message says which."""


def spell_unit(unit: str) -> str:
    """A unit in the spelling of the table: `10⁹/L`, `x10^9/L` and `10*9/L` are one."""
    return unit.strip().translate(_SPELLINGS).casefold().removeprefix("x")


def factor_between(given: str, wanted: str, field_id: str) -> Fraction:
    """What a number in one unit is multiplied with to be in another.

    field_id  the field, whose id names the analyte where mass and amount are joined
    Raises `UnitError` when the table does not hold the way.
    """
    if spell_unit(given) == spell_unit(wanted):
        return Fraction(1)
    found = [FACTORS.get(spell_unit(unit)) for unit in (given, wanted)]
    if found[0] is None or found[1] is None:
        unknown = given if found[0] is None else wanted
        msg = f"“{unknown}” is no unit that can be converted here"
        raise UnitError(msg)
    (given_kind, given_factor), (wanted_kind, wanted_factor) = found[0], found[1]
    ratio = given_factor / wanted_factor
    if given_kind == wanted_kind:
        return ratio
    molar = next((molar for name, molar in MOLAR.items() if name in field_id.casefold()), None)
    if {given_kind, wanted_kind} != {"mass", "amount"} or molar is None:
        msg = f"{given} cannot be turned into {wanted} for {field_id}"
        raise UnitError(msg)
    return ratio / molar.g_per_mol if given_kind == "mass" else ratio * molar.g_per_mol


def convert_number(number: Decimal, factor: Fraction) -> Decimal:
    """The number times the factor: exact when the factor is 1, else with one more significant digit than was given."""
    if factor == 1:
        return number
    exact = Fraction(number) * factor
    digits = max(len(number.as_tuple().digits), 2) + 1
    scaled = Decimal(exact.numerator) / Decimal(exact.denominator)
    if not scaled:
        return scaled
    return scaled.quantize(Decimal(1).scaleb(scaled.adjusted() + 1 - digits), rounding=ROUND_HALF_UP)
