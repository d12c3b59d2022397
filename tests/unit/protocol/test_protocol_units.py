"""Units: what can be converted, by how much, and what cannot."""

from decimal import Decimal

import pytest

from firstbreath.protocol.units import UnitError, convert_number, factor_between


@pytest.mark.parametrize(
    ("number", "given", "wanted", "field", "gives"),
    [
        ("1", "mg/dL", "μmol/L", "creatinine", "88.4"),
        ("88.40", "μmol/L", "mg/dL", "creatinine", "0.99998"),
        ("100", "mg/dL", "mmol/L", "glucose", "5.551"),
        ("6.1", "10^3/uL", "10⁹/L", "wbc", "6.1"),
        ("6100", "x10*6/L", "10⁹/L", "wbc", "6.1000"),
        ("1.5", "mg/dL", "mg/L", "crp", "15.0"),
        ("0.5", "mg/L FEU", "mg/L FEU", "d_dimer", "0.5"),
    ],
)
def test_number_is_converted(number, given, wanted, field, gives):
    assert convert_number(Decimal(number), factor_between(given, wanted, field)) == Decimal(gives)


@pytest.mark.parametrize(
    ("given", "wanted", "field"),
    [("mg/L", "mg/L FEU", "d_dimer"), ("mg/dL", "μmol/L", "crp"), ("U/L", "mg/L", "alt"), ("drams", "mg/L", "crp")],
)
def test_what_the_table_does_not_hold_is_refused(given, wanted, field):
    with pytest.raises(UnitError):
        factor_between(given, wanted, field)
