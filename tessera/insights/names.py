"""The names of figures that several places show, so that one name means one statistic."""

from __future__ import annotations

MEDIAN_RECENCY = "Median days since order"
MEAN_RECENCY = "Mean days since order"
