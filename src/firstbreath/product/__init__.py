"""The product: lots, custody, temperature, preparation; one slice of the state and its rules.

Never touches files, network or clock.
"""
