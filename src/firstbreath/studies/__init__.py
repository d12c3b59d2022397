"""Shipped trials as data; nothing here computes."""
