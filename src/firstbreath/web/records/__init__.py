"""Records once they are written: checks, queries, source verification, signatures, locks, audit, exports and imports.

Three names to know: `urls.urlpatterns`, `marks.marks_of` (what is said of a record wherever it is shown), `labels`.
Never here: a rule of the trial. Whatever may or may not happen to a record is decided behind the door.
"""
