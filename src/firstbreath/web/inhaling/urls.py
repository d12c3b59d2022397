"""The addresses of inhalations."""

from django.urls import path

from firstbreath.web.inhaling import views

urlpatterns = [
    path("subjects/<code:code>/inhalation/<int:day>", views.show_inhalation, name="inhalation"),
    path("subjects/<code:code>/inhalation/<int:day>/<str:step>", views.do_step, name="inhalation-step"),
]
