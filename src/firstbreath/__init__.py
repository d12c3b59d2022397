"""firstbreath: one small trial of an inhaled medicine, from its protocol file to its published paper."""

__version__ = "0.1.0"
