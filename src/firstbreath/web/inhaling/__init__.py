"""The page of an inhalation: start, pause, vital signs, stop, dose, in one place beside the patient.

Never a second truth: what is entered goes through the one door, on the page's forms or as JSON from its module.
"""
