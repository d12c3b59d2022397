"""The addresses of accounts."""

from django.urls import path

from firstbreath.web.accounts import people, views
from firstbreath.web.accounts.people import PERSON_ACTS, person_act

urlpatterns = [
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("me", views.show_me, name="me"),
    path("me/password", views.change_password, name="own-password"),
    path("me/terms", views.accept_terms, name="terms"),
    path("me/second-factor", views.set_second_factor, name="second-factor"),
    path("rights", people.show_rights, name="rights"),
    path("people", people.show_people, name="people"),
    path("people/delegation", people.show_delegation, name="delegation"),
    path("people/alerts", people.show_alerts, name="people-alerts"),
    path("people/open", people.open_account, name="open-account"),
    path("people/<str:account>", people.show_person, name="person"),
    *(
        path(f"people/<str:account>/{act.replace('_', '-')}", person_act(act), name=act.replace("_", "-"))
        for act in PERSON_ACTS
    ),
]
