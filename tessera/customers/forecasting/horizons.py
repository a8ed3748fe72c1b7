"""The days that forecasts are published for."""

from __future__ import annotations

ORDER_DAYS = 365
NO_ORDER_DAYS = (30, 90, 180)
