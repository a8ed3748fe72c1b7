"""Erasure of people: who, what of them is where, what was done, and the receipt."""
