"""Results first: one row per number, then tables, figures, documents and claims as renderings of rows."""
