"""The days that forecasts are published for, and those that seasons need."""

from __future__ import annotations

ORDER_DAYS = 365
NO_ORDER_DAYS = (30, 90, 180)
SEASON_DAYS = 730  # two years: each month of the year has come twice
