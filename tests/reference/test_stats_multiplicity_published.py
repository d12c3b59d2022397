"""Holm's and Hochberg's adjusted p-values against those that R and SAS print."""

import pytest

from firstbreath.stats.multiplicity import hochberg, holm
from firstbreath.stats.rounding import render_number

SAS = "0.28282 0.30688 0.71022 0.77175 0.78180 0.88581 0.54685 0.84978 0.24228 0.58977 0.03498 0.41607 0.31631 0.05254 \
0.45061 0.75758 0.12496 0.49485 0.21572 0.50505 0.94372 0.81260 0.77596 0.36889"
TEN = (
    "0.0000523656777208 0.00028140506198 0.0149877310796 0.0202732688798 0.177096952723 0.642193923795 0.680845947633 \
0.71626938238 0.838541367553 0.967833824309"
)
LADDER = "0.001 0.002 0.003 0.004 0.005 0.05 0.06 0.07 0.08 0.09"
MULTTEST = "R package multtest, mt.rawp2adjp, by statsmodels test_multi.py"
SAS_GUIDE = "SAS/STAT User's Guide, PROC MULTTEST, inputting raw p-values"


@pytest.mark.parametrize(
    ("adjust", "given", "printed"),
    [
        pytest.param(holm, SAS, 10 * "1.0000 " + "0.8395" + 13 * " 1.0000", id=f"{SAS_GUIDE}, Holm"),
        pytest.param(hochberg, SAS, 10 * "0.9437 " + "0.8395" + 13 * " 0.9437", id=f"{SAS_GUIDE}, Hochberg"),
        pytest.param(
            holm,
            TEN,
            "0.00052366 0.00253265 0.11990185 0.14191288" + 6 * " 1.00000000",
            id=f"{MULTTEST}, first, Holm",
        ),
        pytest.param(
            hochberg,
            TEN,
            "0.00052366 0.00253265 0.11990185 0.14191288" + 6 * " 0.96783382",
            id=f"{MULTTEST}, first, Hochberg",
        ),
        pytest.param(
            holm,
            "0.002 0.004 0.006 0.008 0.010 0.012",
            "0.012 0.020 0.024 0.024 0.024 0.024",
            id=f"{MULTTEST}, second, Holm",
        ),
        pytest.param(
            hochberg,
            "0.002 0.004 0.006 0.008 0.010 0.012",
            "0.012 0.012 0.012 0.012 0.012 0.012",
            id=f"{MULTTEST}, second, Hochberg",
        ),
        pytest.param(
            holm, LADDER, "0.010 0.018 0.024 0.028 0.030 0.250 0.250 0.250 0.250 0.250", id=f"{MULTTEST}, third, Holm"
        ),
        pytest.param(
            hochberg,
            LADDER,
            "0.010 0.018 0.024 0.028 0.030 0.090 0.090 0.090 0.090 0.090",
            id=f"{MULTTEST}, third, Hochberg",
        ),
        pytest.param(
            holm,
            "0.319 0.201 0.4 0.374 0.113",
            "0.957 0.804 0.957 0.957 0.565",
            id="stdlib, @stdlib/stats/padjust, from R's p.adjust",
        ),
        pytest.param(
            holm, "0.001 0.01 0.05 0.1 0.5 0.9", "0.006 0.050 0.200 0.300 1.000 1.000", id="pystatistics, R 4.5.2, Holm"
        ),
        pytest.param(
            hochberg,
            "0.001 0.01 0.05 0.1 0.5 0.9",
            "0.006 0.050 0.200 0.300 0.900 0.900",
            id="pystatistics, R 4.5.2, Hochberg",
        ),
    ],
)
def test_adjusted(adjust, given: str, printed: str) -> None:
    expected = printed.split()
    adjusted = adjust([float(text) for text in given.split()])
    assert [render_number(p, len(expected[0]) - 2) for p in adjusted] == expected
