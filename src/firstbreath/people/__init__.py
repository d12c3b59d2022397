"""The people who run the trial: accounts, roles, delegation of authority with dates, and what each role may do.

Three names to know: `People` (this slice of the state), `RIGHTS` (which role may do what) and `reasons_against_actor`
(why somebody may not do something now). Authority is checked at the moment of the act, never at sign-in. This room
must never hold a secret: passwords and second factors stay outside the log, in the web's own database.
"""
