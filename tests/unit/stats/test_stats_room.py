"""The room as a whole: every public function is documented, and none needs numpy or scipy to be imported."""

import inspect
import subprocess
import sys
from decimal import Decimal

import pytest

from firstbreath import stats

FUNCTIONS = [name for name in stats.__all__ if inspect.isfunction(getattr(stats, name))]
ANSWERS = [name for name in FUNCTIONS if not name.startswith(("render_", "compute_differences"))]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_docstring_names_every_argument(name):
    function = getattr(stats, name)
    said = inspect.getdoc(function) or ""
    arguments = inspect.signature(function).parameters
    assert [argument for argument in arguments if argument not in said] == []


@pytest.mark.parametrize("name", ANSWERS)
def test_docstring_says_what_is_refused_and_where_the_definition_is_from(name):
    said = inspect.getdoc(getattr(stats, name)) or ""
    assert ("Raises" in said, "Source:" in said) == (True, True)


@pytest.mark.parametrize("name", ANSWERS)
def test_nothing_at_all_is_refused_in_words(name):
    """Called with None for every argument it needs, a function refuses and does not fall over."""
    function = getattr(stats, name)
    needed = [
        parameter
        for parameter in inspect.signature(function).parameters.values()
        if parameter.default is inspect.Parameter.empty
    ]
    by_name = {parameter.name: None for parameter in needed if parameter.kind is inspect.Parameter.KEYWORD_ONLY}
    by_place = [None for parameter in needed if parameter.kind is not inspect.Parameter.KEYWORD_ONLY]
    with pytest.raises(stats.NotComputable):
        function(*by_place, **by_name)


def test_importing_the_room_loads_neither_numpy_nor_scipy():
    said = "import sys, firstbreath.stats; print([name for name in ('numpy', 'scipy') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", said], capture_output=True, check=True, text=True).stdout == "[]\n"


TESTED = ("signed_rank", "sign_test", "permutation_mean", "hodges_lehmann", "median_interval", "holm")


@pytest.mark.parametrize("wrong", ["1e5000", "1e-5000", "sNaN", "1e-401"])
@pytest.mark.parametrize("name", TESTED)
def test_what_nothing_measured_has_is_refused_at_once(name, wrong):
    with pytest.raises(stats.NotComputable):
        getattr(stats, name)([Decimal(wrong), 1, 2])
    with pytest.raises(stats.NotComputable):
        getattr(stats, name)([10**5000, 1, 2])


@pytest.mark.parametrize("name", TESTED)
def test_a_number_alone_is_no_array(name):
    import numpy as np

    with pytest.raises(stats.NotComputable, match="give a list"):
        getattr(stats, name)(np.array(3.0))
