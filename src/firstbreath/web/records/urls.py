"""The addresses of what is done with records."""

from django.urls import path

from firstbreath.web.records import queries

urlpatterns = [
    path("checks", queries.show_checks, name="checks"),
    path("queries", queries.show_queries, name="queries"),
    path("queries/ask", queries.open_query, name="query-open"),
    path("queries/<int:number>/of/<code:code>", queries.show_query, name="query"),
    path("queries/<int:number>/answer/<code:code>", queries.answer_query, name="query-answer"),
    path("queries/<int:number>/close/<code:code>", queries.close_query, name="query-close"),
    path("queries/<int:number>/reopen/<code:code>", queries.reopen_query, name="query-reopen"),
]
