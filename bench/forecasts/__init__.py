"""Forecasts on shops whose outcome is known: against naive rules, models alone, and the truth."""
