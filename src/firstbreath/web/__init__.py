"""The site of a study folder: pages that show the folded state, for now or as of any earlier moment.

Three names to know: `SiteSource` (the port to the log, its paper and its claims), `Moment` (the trial at the place
of the log that a page shows) and `create_application` (a source to a WSGI application). Views say who may look,
read the moment, and hand a value from `pages/` to a template; `pages/` knows no Django. This room must never write,
decide, or compute a number that another room owns: what a page shows can be computed again without it.
"""
