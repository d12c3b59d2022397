"""Small pieces of text that the workings share."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from firstbreath.paper.claims.values import Source
from firstbreath.stats.rounding import compute_fraction, render_number

MOST_NAMES = 12
LARGE = 10**6


def render_exact(value: Fraction | Decimal | int, decimals: int = 4) -> str:
    """A number at no more decimals than it needs, half up; from a million on as 1.5e6."""
    fraction = compute_fraction(value)
    if abs(fraction) < LARGE:
        return _trim(render_number(fraction, decimals))
    exponent = len(str(int(abs(fraction)))) - 1
    return f"{_trim(render_number(fraction / 10**exponent, decimals))}e{exponent}"


def _trim(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def render_source(source: Source) -> str:
    """A printed value with its place: `57 (Table 2)`."""
    return f"{shorten(source.value)} ({source.place})" if source.place else shorten(source.value)


def render_names(names: Sequence[str]) -> str:
    """Names with commas; after twelve, how many more."""
    if not names:
        return "none"
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(shorten(name) for name in names[:MOST_NAMES]) + more


def render_count(number: int, noun: str) -> str:
    """A number with its noun: `1 row`, `3 rows`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def shorten(text: str, most: int = 90) -> str:
    """The text, cut where it is too long to read."""
    return text if len(text) <= most else text[: most - 3] + "..."


def is_printed_as(value: Fraction, printed: Decimal) -> bool:
    """True when rounding the value to the last digit printed can give what is printed.

    The last digit of 2.0e9 stands for 1e8, so the value may differ by half of that; an exact half may
    have been rounded either way.
    """
    exponent = printed.as_tuple().exponent
    unit = Fraction(10) ** (exponent if isinstance(exponent, int) else 0)
    return abs(value - Fraction(printed)) <= unit / 2
