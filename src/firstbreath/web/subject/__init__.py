"""Acts on one subject, from the opening of screening to the end: forms, consent, eligibility, enrolment.

A page here shows what an act needs and asks the door for it; it never decides anything itself.
"""
