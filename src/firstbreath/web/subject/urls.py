"""The addresses of acts on a subject."""

from django.urls import path

from firstbreath.web.subject import consent, eligibility, forms, papers, screening, steps

PLACE = "subjects/<code:code>/forms/<str:form>/<str:visit>/<int:repeat>"

urlpatterns = [
    path("screening", screening.show_screening, name="screening"),
    path("screening/open", screening.open_screening, name="open-screening"),
    path("forms/<str:form>/check", forms.check_form, name="check-form"),
    path("subjects/<code:code>/schedule", screening.show_schedule, name="subject-schedule"),
    path("consent-texts", consent.show_documents, name="consent-documents"),
    path("consent-texts/file", consent.file_document, name="file-consent-document"),
    path("consent-texts/<str:digest>", consent.show_document, name="consent-document"),
    path("subjects/<code:code>/consent", consent.sign_consent, name="sign-consent"),
    path("subjects/<code:code>/consent/withdrawal", consent.withdraw_consent, name="withdraw-consent"),
    path("subjects/<code:code>/consent/papers/<str:name>", papers.show_paper, name="consent-paper"),
    path("subjects/<code:code>/eligibility", eligibility.attest_eligibility, name="attest-eligibility"),
    path("subjects/<code:code>/enrolment", steps.enrol_subject, name="enrol-subject"),
    path("subjects/<code:code>/deviation", steps.record_deviation, name="record-deviation"),
    path("subjects/<code:code>/end", steps.end_participation, name="end-participation"),
    path(f"{PLACE}/correct", forms.correct_form, name="correct-form"),
    path(PLACE, forms.enter_form, name="enter-form"),
]
