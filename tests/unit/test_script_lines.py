"""The site's scripts stay few enough to be read in an afternoon."""

from pathlib import Path

import firstbreath

STATIC = Path(firstbreath.__file__).parent / "web" / "static"
LIMIT = 2_000


def test_all_scripts_of_the_site_together_are_under_two_thousand_lines():
    lines = {script.name: len(script.read_text().splitlines()) for script in STATIC.rglob("*.js")}
    assert lines, "there are scripts"
    assert sum(lines.values()) < LIMIT, lines
