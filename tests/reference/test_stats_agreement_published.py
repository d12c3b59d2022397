"""Kappa, intraclass correlations, limits of agreement and the bootstrap against numbers printed by others."""

from decimal import Decimal
from fractions import Fraction

import pytest

from firstbreath.stats.bland_altman import bland_altman, limits_of_agreement
from firstbreath.stats.intraclass import Intraclass, intraclass
from firstbreath.stats.kappa import Kappa, kappa, kappa_of_table
from firstbreath.stats.ratings import Weights
from firstbreath.stats.resampling import cluster_bootstrap
from firstbreath.stats.rounding import could_print_as

Rows = list[list[int]]
COHEN = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
FLEISS = [[106, 10, 4], [22, 28, 10], [2, 12, 6]]
FLEISS_WEIGHTS = [[1, 0, 0.4444], [0, 1, 0.6667], [0.4444, 0.6667, 1]]
SKIN = [[10, 4, 1, 0], [5, 10, 12, 2], [2, 4, 12, 5], [0, 2, 6, 13]]
XERO = [[21, 12, 0, 0], [4, 17, 1, 0], [3, 9, 15, 2], [0, 0, 0, 1]]
SEXUAL_FUN = [[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]]
WINNIPEG = [[38, 5, 0, 1], [33, 11, 3, 0], [10, 14, 5, 6], [3, 7, 3, 10]]
NEW_ORLEANS = [[5, 3, 0, 0], [3, 11, 4, 0], [2, 13, 3, 4], [1, 2, 4, 14]]
SAS_TEN = [[0, 4, 1], [0, 8, 0], [0, 1, 5]]
PSYCHOLOGISTS = [[75, 1, 4], [5, 4, 1], [0, 0, 10]]
ANXIETY = [
    [3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 6, 1, 5, 2, 2, 1, 2, 4, 3],
    [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4],
    [2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2],
]
DIAGNOSES = [
    [4, 2, 2, 5, 2, 1, 3, 1, 1, 5, 1, 1, 2, 1, 2, 3, 1, 1, 2, 1, 5, 2, 2, 1, 1, 2, 1, 2, 1, 5],
    [4, 2, 3, 5, 2, 1, 3, 1, 1, 5, 4, 2, 2, 4, 2, 3, 1, 1, 2, 3, 5, 4, 2, 1, 4, 2, 1, 2, 3, 5],
]


def prints(value: Fraction | Decimal | None, printed: str) -> bool:
    return value is not None and could_print_as(Fraction(value), Decimal(printed))


def weigh(disagreement: Rows) -> list[list[Fraction]]:
    """Agreement weights from the disagreement weights that Cohen used."""
    return [[1 - Fraction(cell, 6) for cell in row] for row in disagreement]


@pytest.mark.parametrize(
    ("table", "weights", "printed"),
    [
        pytest.param(COHEN, None, ".492", id="Cohen 1960, Educ Psychol Meas 20:37, table 1; R psych cohen.kappa"),
        pytest.param(
            COHEN,
            weigh([[0, 1, 3], [1, 0, 6], [3, 6, 0]]),
            ".348",
            id="Cohen 1968, Psychol Bull 70:213; R psych, 'Cohen reports .492 and .348'",
        ),
        pytest.param(
            COHEN,
            weigh([[0, 1, 4], [1, 0, 6], [2, 2, 0]]),
            ".353",
            id="Cohen 1968, asymmetric weights; R psych, 'Cohen reports kw = .353'",
        ),
        pytest.param(FLEISS, None, ".429", id="Fleiss, Cohen and Everitt 1969, Psychol Bull 72:323, unweighted"),
        pytest.param(FLEISS, FLEISS_WEIGHTS, ".507", id="Fleiss, Cohen and Everitt 1969, weighted"),
        pytest.param(XERO, None, ".47", id="Altman 1991, Practical Statistics for Medical Research, xeromammograms"),
        pytest.param(XERO, "linear", ".57", id="Altman 1991, xeromammograms, weighted"),
        pytest.param(PSYCHOLOGISTS, None, ".68", id="Fleiss 1981, Rates and Proportions, p 213"),
    ],
)
def test_kappa_of_a_printed_table(table: Rows, weights: Weights, printed: str) -> None:
    assert prints(kappa_of_table(table, weights=weights).value, printed)


@pytest.mark.parametrize(
    ("weights", "variance", "null"),
    [
        pytest.param(None, ".002885", ".003082", id="Fleiss, Cohen and Everitt 1969, unweighted"),
        pytest.param(FLEISS_WEIGHTS, ".003248", ".004269", id="Fleiss, Cohen and Everitt 1969, weighted"),
    ],
)
def test_large_sample_variances(weights: Weights, variance: str, null: str) -> None:
    found = kappa_of_table(FLEISS, weights=weights)
    assert found.standard_error is not None
    assert prints(found.standard_error**2, variance)
    assert found.null_standard_error is not None
    assert prints(found.null_standard_error**2, null)


@pytest.mark.parametrize(
    ("table", "weights", "printed"),
    [
        pytest.param(SKIN, None, ".3449 .0724 .0612 .2030 .4868", id="SAS/STAT PROC FREQ, skin condition"),
        pytest.param(SAS_TEN, None, ".4842 .1380 .1484 .2137 .7547", id="SAS output kept in statsmodels' tests"),
        pytest.param(SAS_TEN, "linear", ".4701 .1457 .1426 .1845 .7558", id="SAS weighted output, same place"),
        pytest.param(SEXUAL_FUN, None, ".1293 .06860 - -.00512 .2638", id="R vcd Kappa(SexualFun), unweighted"),
        pytest.param(SEXUAL_FUN, "linear", ".2374 .07832 - .08388 .3909", id="R vcd Kappa(SexualFun), weighted"),
        pytest.param(WINNIPEG, None, ".2079 .05046", id="Landis and Koch 1977, Winnipeg; R vcd MSPatients"),
        pytest.param(WINNIPEG, "linear", ".3797 .05167", id="Landis and Koch 1977, Winnipeg, weighted; R vcd"),
        pytest.param(NEW_ORLEANS, None, ".2965 .07850", id="Landis and Koch 1977, New Orleans; R vcd MSPatients"),
        pytest.param(NEW_ORLEANS, "linear", ".4773", id="Landis and Koch 1977, New Orleans, weighted; R vcd"),
    ],
)
def test_kappa_with_its_errors_and_interval(table: Rows, weights: Weights, printed: str) -> None:
    """Kappa, standard error, standard error under no agreement, and limits, as far as they are printed."""
    found = kappa_of_table(table, weights=weights)
    numbers = (found.value, found.standard_error, found.null_standard_error, found.lower, found.upper)
    assert [
        text for text, number in zip(printed.split(), numbers, strict=False) if text != "-" and not prints(number, text)
    ] == []


def find_z(found: Kappa) -> Decimal:
    assert found.value is not None
    assert found.null_standard_error is not None
    return Decimal(found.value.numerator) / found.value.denominator / found.null_standard_error


@pytest.mark.parametrize(
    ("readers", "weights", "value", "z"),
    [
        pytest.param(ANXIETY[1:], None, "-.006289308", "-.0604", id="R irr kappa2(anxiety 2:3), in statsmodels' tests"),
        pytest.param(ANXIETY[1:], "linear", ".1459075", "1.2825", id="R irr kappa2(anxiety 2:3, equal)"),
        pytest.param(ANXIETY[1:], "quadratic", ".2520325", "1.4375", id="R irr kappa2(anxiety 2:3, squared)"),
        pytest.param(ANXIETY[:2], "linear", ".1892", "", id="R irr kappa2(anxiety 1:2, equal)"),
        pytest.param(ANXIETY[:2], "quadratic", ".297", "1.34", id="R irr kappa2(anxiety 1:2, squared)"),
        pytest.param(DIAGNOSES, None, ".651", "7.00", id="R irr kappa2(diagnoses 1:2)"),
        pytest.param(DIAGNOSES, "linear", ".633", "5.43", id="R irr kappa2(diagnoses 1:2, equal)"),
        pytest.param(DIAGNOSES, "quadratic", ".655", "3.91", id="R irr kappa2(diagnoses 1:2, squared)"),
    ],
)
def test_kappa_of_paired_ratings(readers: Rows, weights: Weights, value: str, z: str) -> None:
    """irr, too, leaves a category that nobody used out of the scale."""
    found = kappa(*readers, weights=weights)
    assert prints(found.value, value)
    assert z == "" or prints(find_z(found), z)


SHROUT = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
MCGRAW = [
    [103, 119],
    [82, 65],
    [116, 106],
    [102, 102],
    [99, 105],
    [98, 100],
    [104, 107],
    [62, 85],
    [97, 101],
    [107, 110],
]


def name_forms(found: Intraclass) -> dict[str, tuple[Fraction | None, Decimal | None, Decimal | None]]:
    six = (found.icc_1_1, found.icc_2_1, found.icc_3_1, found.icc_1_k, found.icc_2_k, found.icc_3_k)
    return {form.form: (form.value, form.lower, form.upper) for form in six}


PSYCH = "R psych ICC()"
ICC_CASES = [
    ("Shrout and Fleiss 1979, Psychol Bull 86:420, table 4; limits " + PSYCH, SHROUT, {
        "ICC(1,1)": ".17 -.133 .72", "ICC(2,1)": ".29 .019 .76", "ICC(3,1)": ".71 .342 .95",
        "ICC(1,k)": ".44 -.884 .91", "ICC(2,k)": ".62 .071 .93", "ICC(3,k)": ".91 .676 .99"}),
    ("McGraw and Wong 1996, Psychol Methods 1:30, table 6; R DescTools ICC()", MCGRAW, {
        "ICC(1,1)": ".722 .241 .922", "ICC(2,1)": ".720 .228 .922", "ICC(3,1)": ".714 .197 .920",
        "ICC(1,k)": ".838 .389 .959", "ICC(2,k)": ".837 .371 .959", "ICC(3,k)": ".833 .329 .959"}),
    ("irr anxiety; " + PSYCH, [list(row) for row in zip(*ANXIETY, strict=True)], {
        "ICC(1,1)": ".175022 -.07745 .484336", "ICC(2,1)": ".197998 -.038911 .493574",
        "ICC(3,1)": ".216049 -.046258 .522259", "ICC(1,k)": ".388926 -.274923 .738065",
        "ICC(2,k)": ".425499 -.126583 .745149", "ICC(3,k)": ".452586 -.152921 .766331"}),
    ("McGraw and Wong 1996, the scores (2,4), (4,6), (6,8); R rel icc()", [[2, 4], [4, 6], [6, 8]], {
        "ICC(2,1)": ".67", "ICC(3,1)": "1.00"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("ratings", "form", "printed"),
    [
        pytest.param(ratings, form, printed, id=f"{form}: {source}")
        for source, ratings, forms in ICC_CASES
        for form, printed in forms.items()
    ],
)
def test_intraclass_correlations(ratings: Rows, form: str, printed: str) -> None:
    found = name_forms(intraclass(ratings))[form]
    assert [text for text, number in zip(printed.split(), found, strict=False) if not prints(number, text)] == []


@pytest.mark.parametrize(
    ("square", "printed"),
    [("between", "11.24"), ("within", "6.26"), ("readers", "32.49"), ("residual", "1.02")],
)
def test_mean_squares(square: str, printed: str) -> None:
    """Shrout and Fleiss 1979, table 3."""
    assert prints(getattr(intraclass(SHROUT).squares, square), printed)


LARGE_METER = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
MINI_METER = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]


@pytest.mark.parametrize(
    ("number", "printed"),
    [
        pytest.param("mean", "-2.1", id="mean difference"),
        pytest.param("sd", "38.8", id="SD of the differences"),
        pytest.param("bias lower", "-22.0", id="bias, lower confidence limit"),
        pytest.param("bias upper", "17.8", id="bias, upper confidence limit"),
    ],
)
def test_peak_flow_of_seventeen_subjects(number: str, printed: str) -> None:
    """Bland and Altman, Lancet 1986;1:307: large meter minus mini meter."""
    limits = bland_altman(LARGE_METER, MINI_METER, multiple=Decimal(2), approximation="1986").limits
    found = {"mean": limits.mean, "sd": limits.sd, "bias lower": limits.bias.lower, "bias upper": limits.bias.upper}
    assert prints(found[number], printed)


@pytest.mark.parametrize(
    ("side", "printed"),
    [
        pytest.param("lower", "-79.7 -114.3 -45.1", id="lower limit of agreement"),
        pytest.param("upper", "75.5 40.9 110.1", id="upper limit of agreement"),
    ],
)
def test_limits_of_peak_flow_from_the_printed_summary(side: str, printed: str) -> None:
    """Bland and Altman 1986: -2.1 and 38.8, as they rounded them, give their limits and intervals."""
    found = limits_of_agreement(Decimal("-2.1"), Decimal("38.8"), 17, multiple=Decimal(2), approximation="1986")
    limit = found.lower_limit if side == "lower" else found.upper_limit
    assert all(map(prints, (limit.estimate, limit.lower, limit.upper), printed.split()))


@pytest.mark.parametrize(
    ("mean", "sd", "n", "multiple", "printed"),
    [
        pytest.param("0.42", "1.21", 72, "2", "-2.0 2.8", id="Bland and Altman 1986, oxygen saturation"),
        pytest.param(
            "-16.29", "19.61", 85, "1.96", "-54.7 22.1", id="Bland and Altman 1999, systolic pressure, J and S"
        ),
    ],
)
def test_limits_from_a_printed_summary(mean: str, sd: str, n: int, multiple: str, printed: str) -> None:
    found = limits_of_agreement(Decimal(mean), Decimal(sd), n, multiple=Decimal(multiple))
    assert all(map(prints, (found.lower_limit.estimate, found.upper_limit.estimate), printed.split()))


@pytest.mark.parametrize(
    ("n", "factor"),
    [
        (3, "7.656"), (4, "5.144"), (5, "4.203"), (6, "3.708"), (7, "3.399"), (8, "3.187"), (9, "3.031"),
        (10, "2.911"), (15, "2.566"), (20, "2.396"), (30, "2.220"),
    ],
    ids=lambda value: f"n={value}" if isinstance(value, int) else "",
)  # fmt: skip
def test_exact_limits_are_tolerance_factors(n: int, factor: str) -> None:
    """One-sided factors for 95 % coverage with 95 % confidence: Owen, Handbook of Statistical Tables, 1962; Montgomery
    and Runger, Applied Statistics and Probability for Engineers, table of factors for one-sided intervals."""
    found = limits_of_agreement(0, 1, n, multiple=Decimal("1.6448536"), level=Decimal("0.90"))
    assert prints(found.exact_upper_limit.upper, factor)


@pytest.mark.parametrize(
    ("place", "printed"),
    [
        pytest.param("mean", "23.36", id="mean, table 2.1, B infinite"),
        pytest.param("median", "37.83", id="median, table 2.1, B infinite"),
    ],
)
def test_seven_treated_mice(place: str, printed: str) -> None:
    """Efron and Tibshirani, An Introduction to the Bootstrap, 1993: the ideal bootstrap standard errors."""
    statistic = {"mean": lambda sample: Fraction(sum(sample), 7), "median": lambda sample: sorted(sample)[3]}[place]
    assert prints(cluster_bootstrap([94, 197, 16, 38, 99, 141, 23], statistic).standard_error, printed)


def test_treated_mice_by_students_t() -> None:
    """Efron and Tibshirani 1993, table 2.1: mean 86.86 with standard error 25.24; t of 6 degrees is 2.447."""
    found = cluster_bootstrap([94, 197, 16, 38, 99, 141, 23], lambda sample: Fraction(sum(sample), 7))
    assert prints(found.estimate, "86.86")
    assert found.t_upper is not None
    assert prints((found.t_upper - Decimal("86.857143")) / Decimal("2.446912"), "25.24")
