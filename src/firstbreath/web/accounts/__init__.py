"""Accounts on the site: signing in and out, passwords and second factors, roles and delegation, who may do what.

Secrets live in the site's own database, everything else in the log. No page here ever shows a secret twice.
"""
