"""The trial for programs: everything a page shows, as JSON, and every act a page offers, through the same door.

Three names to know: `OPERATIONS` (every reading address, which addresses and OpenAPI are both made from),
`ASKED` (every act with the fields a program sends) and `compute_document` (the OpenAPI document). Nothing is decided
here: rights are the grid's, acts are the door's, and a type that is read or sent is the type that is documented.
"""
