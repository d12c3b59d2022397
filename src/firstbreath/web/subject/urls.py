"""The addresses of acts on a subject."""

from django.urls import path

from firstbreath.web.subject import forms, screening

PLACE = "subjects/<code:code>/forms/<str:form>/<str:visit>/<int:repeat>"

urlpatterns = [
    path("screening", screening.show_screening, name="screening"),
    path("screening/open", screening.open_screening, name="open-screening"),
    path("forms/<str:form>/check", forms.check_form, name="check-form"),
    path(f"{PLACE}/correct", forms.correct_form, name="correct-form"),
    path(PLACE, forms.enter_form, name="enter-form"),
]
