"""The address of Today."""

from django.urls import path

from firstbreath.web.today import views

urlpatterns = [path("today", views.show_today, name="today")]
