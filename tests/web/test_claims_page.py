"""The claims with their verdicts."""

import re

import pytest
from tests.support.small_trial import SmallTrial
from tests.web.sources import small_client, told, verdict

from firstbreath.paper.claims import VERDICTS


def test_every_claim_is_there_with_a_sign_and_the_word(published):
    page = published.get("/claims").content.decode()
    total = int(re.search(r"<b>(\d+)</b> <span>all</span>", page)[1])
    assert total >= 40
    assert page.count('<li class="claim"') == total
    assert len(re.findall(r'<p class="verdict verdict-\w+"><svg class="sign sign-\w+"', page)) == total


@pytest.mark.parametrize("word", VERDICTS)
def test_filter_shows_those_of_one_verdict(published, word):
    page = published.get("/claims", {"verdict": word}).content.decode()
    words = re.findall(r'<p class="verdict [^>]*>.*?</svg>([^<]+)</p>', page)
    assert set(words) == {word}
    assert f"<span>{word}</span></a>" in page


def test_counts_add_up_to_all(published):
    numbers = re.findall(r"</svg>(\d+)</b>", published.get("/claims").content.decode())
    assert sum(map(int, numbers)) == int(
        re.search(r"<b>(\d+)</b> <span>all", published.get("/claims").content.decode())[1]
    )


def test_working_queries_and_sources_are_shown():
    page = told(small_client(SmallTrial(), verdict("inconsistent", text="T")).get("/claims"))
    assert "inconsistent T T T To ask T 1 value behind it" in page
    assert "T, row 1, T" in page


def test_unknown_verdict_finds_none(published):
    response = published.get("/claims", {"verdict": "<b>wrong"})
    assert response.status_code == 200
    assert "No claim has this verdict." in told(response)


def test_study_without_a_publication_says_so():
    assert "no claims of a publication" in told(small_client(SmallTrial()).get("/claims"))
