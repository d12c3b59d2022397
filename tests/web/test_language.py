"""The language of the site: chosen by whoever reads, kept for the session, and never recorded."""

import re

import pytest
from django.utils.html import escape
from tests.web.working import WorkingSite, value_of

from firstbreath.cli.files import read_protocol_files, shipped_study
from firstbreath.events import kinds
from firstbreath.events.blobs import FileBlobs

CHINESE = {"accept-language": "zh-CN,zh;q=0.9,en;q=0.5"}
FORM = "/subjects/S1/forms/demographics/screening/1"


@pytest.fixture
def ward(site: WorkingSite, tmp_path) -> WorkingSite:
    """The site of a trial under the protocol of MEXCOVID, with one patient in screening."""
    from tests.support.staffed_trial import StaffedTrial

    trial = StaffedTrial(files=read_protocol_files(shipped_study("mexcovid")))
    trial.act("open_screening", "S1", site="Jinyintan Hospital, Wuhan")
    return WorkingSite(trial, FileBlobs(tmp_path / "blobs2", tmp_path / "keys2"))


def read(browser, address: str, **headers: str) -> str:
    answer = browser.get(address, headers=headers)
    assert answer.status_code == 200, address
    return answer.content.decode()


def choose(browser, language: str, **headers: str):
    return browser.post("/language", {"language": language}, headers=headers)


class TestChoosing:
    def test_the_browser_says_which_language(self, ward):
        """Somebody whose browser asks for Chinese is answered in Chinese before signing in."""
        html = read(ward.anybody(), "/sign-in", **CHINESE)
        assert '<html lang="zh-hans">' in html
        assert "登录" in html
        assert '<html lang="en">' in read(ward.anybody(), "/sign-in")

    def test_the_choice_outlasts_the_browsers_wish(self, ward):
        """What was chosen holds for the session, whatever the browser asks for."""
        nora = ward.browser("nora")
        assert choose(nora, "zh-hans").status_code == 303
        assert '<html lang="zh-hans">' in read(nora, FORM)
        choose(nora, "en")
        assert '<html lang="en">' in read(nora, FORM, **CHINESE)

    def test_one_goes_back_to_where_one_was(self, ward):
        nora = ward.browser("nora")
        assert choose(nora, "zh-hans", referer="http://localhost/today?as_of=3")["Location"].endswith("/today?as_of=3")
        assert choose(nora, "zh-hans", referer="http://elsewhere.example/")["Location"] == "/"

    @pytest.mark.parametrize("language", ["", "xx", "fr", "../../etc", "<script>", "z" * 10_000])
    def test_a_language_there_is_none_of_changes_nothing(self, ward, language):
        nora = ward.browser("nora")
        assert choose(nora, language).status_code == 303
        assert '<html lang="en">' in read(nora, FORM)

    def test_pages_offer_the_other_language_in_its_own_name(self, ward):
        nora = ward.browser("nora")
        assert "简体中文" in read(nora, FORM)
        assert ">English<" in read(nora, FORM, **CHINESE)

    def test_a_site_that_only_reads_stays_in_english(self, published):
        assert '<html lang="en">' in published.get("/", headers=CHINESE).content.decode()

    def test_the_answer_names_its_language(self, ward):
        assert ward.browser("nora").get(FORM, headers=CHINESE)["Content-Language"] == "zh-hans"


class TestForms:
    def test_every_field_and_choice_of_a_form_is_shown_in_chinese(self, ward):
        """Title, labels, choices and limits are Chinese; units of measurement stay as they are."""
        html = read(ward.browser("nora"), FORM, **CHINESE)
        protocol = ward.trial.trial.protocol
        words = protocol.words["zh-hans"]
        form = protocol.form("demographics")
        assert words.text_of("forms", form.id) in html
        for field in form.fields:
            assert escape(words.text_of("fields", field.id)) in html
            for choice in field.choices:
                assert f"<span>{words.choice_of(field.id, choice)}</span>" in html
        assert "0 至 120 岁" in html
        assert "必填" in html

    def test_every_form_of_the_protocol_opens_in_both_languages(self, ward):
        nora, protocol = ward.browser("nora"), ward.trial.trial.protocol
        for form in protocol.forms:
            address = f"/subjects/S1/forms/{form.id}/screening/1"
            assert escape(form.title) in read(nora, address)
            assert protocol.words["zh-hans"].text_of("forms", form.id) in read(nora, address, **CHINESE)

    def test_what_is_recorded_is_the_declared_choice(self, ward):
        """A nurse who reads 女 records Female; the log knows nothing of the language."""
        nora = ward.browser("nora")
        choose(nora, "zh-hans")
        html = read(nora, FORM)
        shown = re.search(r'value="Female"[^>]*> <span>([^<]+)</span>', html)
        assert shown[1] == "女"
        sent = {"request_id": value_of(nora.get(FORM), "request_id"), "field-age": "50", "field-sex": "Female"}
        assert nora.post(FORM, sent).status_code == 303
        subject = ward.trial.door.refresh().subjects.by_code["S1"]
        body = subject.forms["demographics", "screening", 1][-1].body
        assert isinstance(body, kinds.FormRecorded)
        assert body.values["sex"] == "Female"

    def test_a_protocol_without_words_is_shown_as_declared(self, site):
        """Where a protocol has no Chinese, its own texts stand in a page that is Chinese otherwise."""
        site.trial.screen("S1")
        html = read(site.browser("nora"), "/subjects/S1/forms/skin_test/D1/1", **CHINESE)
        assert "Skin test done" in html
        assert "保存" in html


class TestCatalogue:
    def test_every_text_of_the_templates_is_ready_for_translation(self):
        """The catalogue holds every text that templates mark, and the compiled one is its compilation."""
        from docs.catalogue import is_stale

        assert not is_stale(), "run `make docs`"

    def test_translations_keep_the_names_they_fill_in(self):
        """A translation fills in the same values as the text it stands for."""
        from docs.catalogue import read_catalogue

        names = re.compile(r"%\((\w+)\)s")
        for message in read_catalogue():
            texts = message.id if isinstance(message.id, tuple) else (message.id,)
            said = message.string if isinstance(message.string, tuple | list) else (message.string,)
            wanted = {name for text in texts for name in names.findall(text)}
            assert all(not text or {*names.findall(text)} == wanted for text in said if message.id), message.id

    def test_what_whoever_fills_forms_reads_is_translated(self):
        """Frame, roles and every word of the entry page are translated; the name of a new page may lack one."""
        from docs.catalogue import LINKS, SPOKEN, WEB, _texts_of, read_catalogue

        known = read_catalogue()
        menu = {link.words for link in LINKS}
        pages = ("base.html", "fields.html", "trouble.html", "accounts/sign_in.html", "subject/entry.html")
        texts = {text for page in pages for text in _texts_of((WEB / "templates" / page).read_text())}
        missing = [text for text in {*SPOKEN} - menu | texts if not (known.get(text) and known.get(text).string)]
        assert missing == []
