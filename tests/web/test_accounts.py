"""Accounts in the browser: opened, used, locked, reset and closed; what a person must do first; who signs proves it."""

import re

import pytest
from django.contrib.auth import get_user_model
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from tests.support.staffed_trial import PASSWORD, PEOPLE
from tests.web.sources import SCRIPT, told

from firstbreath.events import kinds
from firstbreath.web.accounts import attempts

ANOTHER = "quite another long phrase"


@pytest.fixture(autouse=True)
def _fresh_limit(monkeypatch):
    monkeypatch.setattr(attempts, "_STRANGERS", attempts.Limiter(20, 3600))


def bodies(site, *wanted):
    return [event.body for event in site.trial.door.history.events if isinstance(event.body, wanted)]


def opened(site, account="newt", name="Newt Ames"):
    """A new account, and its one-time password as the page shows it once."""
    page = site.browser("ada").post("/people/open", {"account": account, "name": name}).content.decode()
    return re.search(r'class="shown-once">([^<]+)<', page)[1]


def code_of(account):
    device = TOTPDevice.objects.get(user__username=account)
    generator = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    return f"{generator.token():06d}"


class TestFirstSignIn:
    @pytest.mark.part11(20)
    def test_password_that_an_administrator_set_must_be_changed_before_anything_else(self, site):
        newt = site.browser("newt", opened(site))
        assert newt.get("/people").headers["Location"] == "/me/password"
        wrong = newt.post("/me/password", {"present": "no", "new": ANOTHER, "again": ANOTHER})
        assert "The present password is not right." in told(wrong)

    def test_then_accountability_is_read_and_accepted(self, site):
        first = opened(site)
        newt = site.browser("newt", first)
        newt.post("/me/password", {"present": first, "new": ANOTHER, "again": ANOTHER})
        assert newt.get("/people").headers["Location"] == "/me/terms"
        newt.post("/me/terms")
        assert newt.get("/me").status_code == 200
        (accepted,) = [e for e in site.trial.door.history.events if e.actor == "newt" and e.kind == "terms_accepted"]
        assert len(accepted.body.digest) == 64

    def test_one_time_password_is_shown_once(self, site):
        first = opened(site)
        assert first not in site.browser("ada").get("/people/newt").content.decode()

    @pytest.mark.parametrize("weak", ["short", "123456789012345", "password12345678"[:8], PASSWORD])
    def test_weak_or_used_password_is_refused(self, site, weak):
        nora = site.browser("nora")
        answer = nora.post("/me/password", {"present": PASSWORD, "new": weak, "again": weak})
        assert answer.status_code == 409
        assert not bodies(site, kinds.CredentialChanged)


class TestLockOut:
    @pytest.mark.part11(22)
    def test_five_wrong_passwords_lock_the_account_alert_and_are_in_the_log(self, site):
        browser = site.anybody()
        for _ in range(8):
            browser.post("/sign-in", {"account": "nora", "password": "wrong"})
        assert browser.post("/sign-in", {"account": "nora", "password": PASSWORD}).status_code == 403
        assert [body.account for body in bodies(site, kinds.AccountLockedOut)] == ["nora"]
        assert len(bodies(site, kinds.SignInRefused)) == 5
        assert "Account locked out nora 5 attempts" in told(site.browser("ada").get("/people/alerts"))

    def test_nobody_floods_the_log_with_names_that_do_not_exist(self, site):
        browser = site.anybody()
        for number in range(30):
            browser.post("/sign-in", {"account": f"nobody{number}", "password": "wrong"})
        refused = bodies(site, kinds.SignInRefused)
        assert len(refused) == 20
        assert {body.account for body in refused} == {""}

    def test_right_password_of_a_closed_account_cannot_fill_the_log(self, site):
        site.trial.by("ada", {"act": "close_account", "account": "nora"}, reason="left the hospital")
        for _ in range(8):
            assert site.anybody().post("/sign-in", {"account": "nora", "password": PASSWORD}).status_code == 403
        assert [body.why for body in bodies(site, kinds.SignInRefused)] == ["closed"] * 5

    def test_answer_does_not_tell_whether_an_account_exists(self, site):
        said = [
            told(site.anybody().post("/sign-in", {"account": account, "password": "wrong"}))
            for account in ("nora", "nobody")
        ]
        assert said[0] == said[1]


class TestSecondFactor:
    def enrol(self, site, account="nora"):
        browser = site.browser(account)
        browser.get("/me/second-factor")
        page = browser.post("/me/second-factor", {"code": code_of(account)})
        TOTPDevice.objects.update(last_t=-1)  # the same code is good once; here time stands still
        return re.findall(r"<li><code>([0-9a-f]{8})</code></li>", page.content.decode())

    def test_wrong_code_confirms_no_device(self, site):
        nora = site.browser("nora")
        page = told(nora.post("/me/second-factor", {"code": "000000"}))
        assert "not the code" in page
        assert site.browser("nora").get("/me").status_code == 200

    @pytest.mark.part11(22)
    def test_confirmed_device_is_asked_for_at_sign_in(self, site):
        assert len(self.enrol(site)) == 8
        browser = site.anybody()
        asked = browser.post("/sign-in", {"account": "nora", "password": PASSWORD})
        assert "with the code that your device shows now" in told(asked)
        wrong = browser.post("/sign-in", {"account": "nora", "password": PASSWORD, "code": "000000"})
        assert wrong.status_code == 403
        TOTPDevice.objects.update(throttling_failure_count=0)
        right = browser.post("/sign-in", {"account": "nora", "password": PASSWORD, "code": code_of("nora")})
        assert right.status_code == 303

    @pytest.mark.part11(22)
    def test_wrong_codes_lock_the_account_and_cannot_fill_the_log(self, site):
        self.enrol(site)
        browser = site.anybody()
        for _ in range(8):
            TOTPDevice.objects.update(throttling_failure_count=0)
            browser.post("/sign-in", {"account": "nora", "password": PASSWORD, "code": "000000"})
        assert [body.why for body in bodies(site, kinds.SignInRefused)] == ["second_factor"] * 5
        assert [body.account for body in bodies(site, kinds.AccountLockedOut)] == ["nora"]
        TOTPDevice.objects.update(throttling_failure_count=0)
        right = browser.post("/sign-in", {"account": "nora", "password": PASSWORD, "code": code_of("nora")})
        assert right.status_code == 403

    def test_recovery_code_is_good_once(self, site):
        codes = self.enrol(site)
        tries = [
            site.anybody().post("/sign-in", {"account": "nora", "password": PASSWORD, "code": codes[0]})
            for _ in range(2)
        ]
        assert [answer.status_code for answer in tries] == [303, 403]

    @pytest.mark.part11(21)
    def test_lost_device_is_revoked_at_once_and_every_session_dies(self, site):
        self.enrol(site)
        nora = site.anybody()
        nora.post("/sign-in", {"account": "nora", "password": PASSWORD, "code": code_of("nora")})
        assert nora.get("/me").status_code == 200
        site.browser("ada").post("/people/nora/reset-credential", {"what": "second_factor", "reason": "phone lost"})
        assert nora.get("/me").status_code == 303
        assert not TOTPDevice.objects.filter(user__username="nora").exists()


class TestPeople:
    @pytest.mark.part11(17)
    def test_id_is_never_given_to_a_second_person(self, site):
        ada = site.browser("ada")
        ada.post("/people/nora/close-account", {"reason": "left"})
        answer = ada.post("/people/open", {"account": "nora", "name": "Nora Two"})
        assert "was used before" in told(answer)
        assert "Closed" in told(ada.get("/people"))

    def test_role_is_delegated_and_withdrawn_with_dates_and_reason(self, site):
        ada = site.browser("ada")
        ada.post("/people/paul/grant-role", {"role": "nurse", "begins": "2026-01-01", "ends": "2026-12-31"})
        assert "Coordinator or nurse delegated all 2026-01-01 2026-12-31" in told(ada.get("/people/delegation"))
        assert "needs a reason" in told(ada.post("/people/paul/withdraw-role", {"role": "nurse"}))
        ada.post("/people/paul/withdraw-role", {"role": "nurse", "reason": "back to the pharmacy"})
        assert "withdrawn" in told(ada.get("/people/delegation"))

    def test_nobody_delegates_to_themselves(self, site):
        answer = site.browser("ada").post("/people/ada/grant-role", {"role": "investigator"})
        assert "Nobody delegates to themselves." in told(answer)

    @pytest.mark.part11(18)
    def test_identity_is_verified_by_another_before_signing(self, site):
        opened(site)
        site.trial.by("ada", {"act": "grant_role", "account": "newt", "role": "investigator"})
        site.trial.by("ada", {"act": "record_training", "account": "newt", "topic": "the protocol"})
        site.trial.by("newt", {"act": "accept_terms", "digest": "0" * 64}, role="account holder")
        site.trial.act("open_screening")
        signature = {"act": "sign_records", "subject": "S1", "seqs": [site.trial.trial.seq], "meaning": "review"}
        site.trial.by("newt", signature, role="investigator")
        assert [reason.code for reason in site.trial.last.decision.reasons] == ["AUTH-009"]
        site.browser("ada").post("/people/newt/verify-identity", {"how": "passport"})
        site.trial.by("newt", signature, role="investigator")
        assert isinstance(site.trial.last.events[0].body, kinds.RecordsSigned)

    @pytest.mark.part11(12)
    def test_without_training_or_accountability_nobody_acts(self, site):
        opened(site)
        site.trial.by("ada", {"act": "grant_role", "account": "newt", "role": "nurse"})
        site.trial.by("newt", {"act": "open_screening", "subject": "S9"}, role="nurse")
        assert [reason.code for reason in site.trial.last.decision.reasons] == ["AUTH-007", "AUTH-008"]

    def test_reset_password_ends_every_session_and_works_once(self, site):
        nora = site.browser("nora")
        page = site.browser("ada").post("/people/nora/reset-credential", {"what": "password", "reason": "forgotten"})
        assert nora.get("/me").status_code == 303
        password = re.search(r'class="shown-once">([^<]+)<', page.content.decode())[1]
        assert site.browser("nora", password).get("/me").headers["Location"] == "/me/password"

    def test_grid_of_rights_is_shown_as_it_stands(self, site):
        page = told(site.browser("rosa").get("/rights"))
        assert "Cast vote" in page
        assert "What is not marked, nobody may." in page

    @pytest.mark.parametrize("field", ["name", "account"])
    def test_script_in_a_field_stays_text(self, site, field):
        sent = {"account": "newt", "name": "Newt"} | {field: SCRIPT}
        page = site.browser("ada").post("/people/open", sent).content.decode()
        assert "<script>hacked" not in page


def test_every_person_sees_their_own_page(site):
    for account, (_, name) in PEOPLE.items():
        assert name in told(site.browser(account).get("/me"))


def test_accounts_and_passwords_are_not_in_the_log(site):
    opened(site)
    hashed = get_user_model().objects.get(username="newt").password
    assert all(hashed.encode() not in record.data for record in site.trial.door.store.records())
