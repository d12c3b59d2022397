"""The addresses of what is done with records."""

from django.urls import path

from firstbreath.web.records import audit, casebooks, exports, hub, imports, locking, queries, signing, values

urlpatterns = [
    path("data", hub.show_data, name="data"),
    path("checks", queries.show_checks, name="checks"),
    path("queries", queries.show_queries, name="queries"),
    path("queries/ask", queries.open_query, name="query-open"),
    path("queries/<int:number>/of/<code:code>", queries.show_query, name="query"),
    path("queries/<int:number>/answer/<code:code>", queries.answer_query, name="query-answer"),
    path("queries/<int:number>/close/<code:code>", queries.close_query, name="query-close"),
    path("queries/<int:number>/reopen/<code:code>", queries.reopen_query, name="query-reopen"),
    path("sign/<code:code>", signing.sign_records, name="sign"),
    path("signatures/<int:seq>", signing.show_signature, name="signature"),
    path("verification", signing.show_verification, name="verification"),
    path("verification/of/<code:code>", signing.verify_source, name="verify-source"),
    path("locks", locking.show_locks, name="locks"),
    path("locks/freeze/<code:code>", locking.freeze_subject, name="freeze"),
    path("locks/unfreeze/<code:code>", locking.unfreeze_subject, name="unfreeze"),
    path("locks/lock", locking.lock_trial, name="lock"),
    path("locks/unlock", locking.unlock_trial, name="unlock"),
    path("strike/<int:seq>", locking.strike_entry, name="strike"),
    path("deviations", locking.show_deviations, name="deviations"),
    path("values", values.show_value, name="value"),
    path("log", audit.show_log, name="log"),
    path("log/<int:seq>", audit.show_event, name="event"),
    path("audit", audit.show_review, name="audit-review"),
    path("exports", exports.make_export, name="exports"),
    path("casebook/<code:code>", casebooks.send_casebook, name="casebook"),
    path("imports", imports.import_file, name="import"),
]
