"""Quantiles and tails of the beta, F, t and normal distributions: the one place that speaks to scipy.

Floats in, floats out, for the caller to round at six decimals. scipy is imported where it is called, so a
command that needs no quantile starts without it.
"""

from math import isfinite
from statistics import NormalDist

from firstbreath.stats.refusals import NotComputable


def beta_quantile(probability: float, a: float, b: float) -> float:
    """The value that a Beta(a, b) variable stays below with the probability given.

    probability : 0 to 1. a, b : shapes, above 0.
    Raises NotComputable for values outside these.
    Source: scipy.special.betaincinv (Boost; Temme, SIAM Review 1992;34:96).
    """
    from scipy.special import betaincinv

    _check(probability, "probability", most=1)
    _check_positive(a=a, b=b)
    return _finite(betaincinv(a, b, probability), f"the {probability} quantile of Beta({a}, {b})")


def beta_above(threshold: float, a: float, b: float) -> float:
    """The probability that a Beta(a, b) variable exceeds the threshold.

    threshold : 0 to 1. a, b : shapes, above 0.
    Raises NotComputable for values outside these.
    Source: scipy.special.betaincc (Boost; DiDonato and Morris, ACM Trans Math Softw 1992;18:360).
    """
    from scipy.special import betaincc

    _check(threshold, "threshold", most=1)
    _check_positive(a=a, b=b)
    return _finite(betaincc(a, b, threshold), f"the probability of Beta({a}, {b}) above {threshold}")


def f_quantile(probability: float, df1: float, df2: float) -> float:
    """The value that an F(df1, df2) variable stays below with the probability given.

    probability : 0 to 1, 1 left out. df1, df2 : degrees of freedom, above 0, whole or not.
    Raises NotComputable for values outside these.
    Source: scipy.special.fdtri (Cephes).
    """
    from scipy.special import fdtri

    _check(probability, "probability", most=1)
    _check_positive(df1=df1, df2=df2)
    value = 0.0 if probability == 0 else fdtri(df1, df2, probability)
    return _finite(value, f"the {probability} quantile of F({df1}, {df2})")


def f_above(value: float, df1: float, df2: float) -> float:
    """The probability that an F(df1, df2) variable exceeds the value.

    value : 0 or more. df1, df2 : degrees of freedom, above 0, whole or not.
    Raises NotComputable for values outside these.
    Source: scipy.special.fdtrc (Cephes).
    """
    from scipy.special import fdtrc

    _check(value, "value")
    _check_positive(df1=df1, df2=df2)
    return _finite(fdtrc(df1, df2, value), f"the probability of F({df1}, {df2}) above {value}")


def t_quantile(probability: float, df: float) -> float:
    """The value that a Student t variable with df degrees of freedom stays below with the probability given.

    probability : between 0 and 1, both left out. df : above 0, whole or not.
    Raises NotComputable for values outside these.
    Source: scipy.special.stdtrit.
    """
    from scipy.special import stdtrit

    _check(probability, "probability", most=1)
    _check_positive(df=df)
    return _finite(stdtrit(df, probability), f"the {probability} quantile of t({df})")


def normal_quantile(probability: float) -> float:
    """The value that a standard normal variable stays below with the probability given.

    probability : between 0 and 1, both left out.
    Raises NotComputable for values outside these.
    Source: Wichura, Applied Statistics 1988;37:477 (AS 241), in Python's statistics module.
    """
    _check(probability, "probability", most=1)
    if probability in {0, 1}:
        raise NotComputable(f"probability is {probability}: the normal quantile needs one between 0 and 1")
    return NormalDist().inv_cdf(float(probability))


def _check_positive(**parameters: float) -> None:
    for name, value in parameters.items():
        if not isfinite(value) or value <= 0:
            raise NotComputable(f"{name} is {value}: give a finite number above 0")


def _check(value: float, name: str, *, most: float | None = None) -> None:
    if not isfinite(value) or value < 0 or (most is not None and value > most):
        bounds = "0 or more" if most is None else f"from 0 to {most}"
        raise NotComputable(f"{name} is {value}: give a finite number, {bounds}")


def _finite(value: float, what: str) -> float:
    if not isfinite(value):
        raise NotComputable(
            f"{what} is not a finite number: take a probability further from 0 or 1, or less extreme values"
        )
    return float(value)
