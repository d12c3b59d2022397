"""Every address of the site, with places that exist in the published trial; a new one must be added here."""

from firstbreath.web.assets import load_assets
from firstbreath.web.paper import PAPER_FILES

PLACES = {
    "overview": ["/"],
    "subject": ["/subjects/P1", "/subjects/P7"],
    "protocol": ["/protocol"],
    "paper": ["/paper"],
    "paper-file": [f"/paper/{name}" for name in PAPER_FILES],
    "claims": ["/claims", "/claims?verdict=contradicted"],
    "data": ["/data"],
    "checks": ["/checks", "/checks?outcome=pass"],
    "queries": ["/queries", "/queries?state=closed"],
    "verification": ["/verification"],
    "locks": ["/locks"],
    "deviations": ["/deviations"],
    "value": ["/values?subject=P1&form=demographics&visit=enrolment&field=age"],
    "log": ["/log", "/log?subject=P1&kind=dose_given", "/log?page=2"],
    "event": ["/log/1", "/log/9"],
    "record": ["/log/1/record"],
    "health": ["/health"],
    "api": ["/api/"],
    "api-document": ["/api/openapi.json"],
    "api-guide": ["/programs"],
    "api-trial": ["/api/trial", "/api/trial?as_of=9"],
    "api-protocol": ["/api/protocol"],
    "api-subjects": ["/api/subjects"],
    "api-subject": ["/api/subjects/P1"],
    "api-queries": ["/api/queries"],
    "api-adverse": ["/api/safety/adverse-events"],
    "api-packets": ["/api/safety/packets"],
    "api-reviews": ["/api/safety/reviews"],
    "api-ranges": ["/api/safety/ranges"],
    "api-people": ["/api/people"],
    "api-rights": ["/api/rights"],
    "api-log": ["/api/log", "/api/log?after=9&limit=5"],
    "api-event": ["/api/log/9"],
    "asset": [f"/static/{asset.digest}/{name}" for name, asset in load_assets().items()],
}
WORKING = {
    "sign-in": ["/sign-in"],
    "sign-out": ["/sign-out"],
    "me": ["/me"],
    "query-open": ["/queries/ask?subject=S1&form=demographics&visit=screening&field=age"],
    "query": ["/queries/1/of/S1"],
    "query-answer": ["/queries/1/answer/S1"],
    "query-close": ["/queries/1/close/S1"],
    "query-reopen": ["/queries/1/reopen/S1"],
    "today": ["/today"],
    "screening": ["/screening"],
    "open-screening": ["/screening/open"],
    "check-form": ["/forms/demographics/check"],
    "enter-form": ["/subjects/S1/forms/demographics/screening/1"],
    "correct-form": ["/subjects/S1/forms/demographics/screening/1/correct"],
    "sign": ["/sign/S1"],
    "signature": ["/signatures/99"],
    "verify-source": ["/verification/of/S1"],
    "freeze": ["/locks/freeze/S1"],
    "unfreeze": ["/locks/unfreeze/S1"],
    "lock": ["/locks/lock"],
    "unlock": ["/locks/unlock"],
    "strike": ["/strike/60"],
    "api-me": ["/api/me"],
    "api-my-tokens": ["/api/me/tokens"],
    "api-my-token": ["/api/me/tokens/1"],
    "api-token": ["/api/tokens"],
    "tokens": ["/me/tokens"],
    "api-act": ["/api/acts/open_screening"],
}
"""Addresses of a site on which people act, with places that exist in a `StaffedTrial`; elsewhere they are not there."""
EVERY = [address for addresses in PLACES.values() for address in addresses]
PAGES = [
    address
    for name in ("overview", "subject", "protocol", "paper", "claims", "log", "event")
    for address in PLACES[name]
]
WRONG = ["/nowhere", "/subjects/nobody", "/log/99999", "/log/0", "/?as_of=junk", "/log?page=99", "/static/0/site.css"]
