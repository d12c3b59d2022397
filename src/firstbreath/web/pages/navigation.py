"""The pages in the order of the menu, each for those who may see it."""

import msgspec


class Link(msgspec.Struct, frozen=True):
    """A page in the menu: its address by name, its words, the group of pages it belongs to, and the menu's part.

    `working` pages are shown where people act; the others on a site that is only read, too.
    """

    name: str
    words: str
    sees: str
    working: bool = True


LINKS = (
    Link("today", "Today", ""),
    Link("screening", "Screening", "see_subjects"),
    Link("overview", "Overview", "see_trial", working=False),
    Link("data", "Data", "see_subjects"),
    Link("adverse-events", "Safety", "see_safety"),
    Link("product", "Product", "see_product"),
    Link("scans", "Scans", "see_scans"),
    Link("reading", "Reading", "see_own_reads"),
    Link("protocol", "Protocol", "see_trial", working=False),
    Link("paper", "Paper", "see_results", working=False),
    Link("claims", "Claims", "see_results", working=False),
    Link("log", "Log", "see_log", working=False),
    Link("people", "People", "see_people"),
)
