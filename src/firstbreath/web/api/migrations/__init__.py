"""The tables of this room in the site's own database, as they came about."""
