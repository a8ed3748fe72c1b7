"""Erasure of people: each step can be repeated, and the receipt lists what is done."""
