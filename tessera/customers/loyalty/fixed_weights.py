"""The weights of shops that are too small or too young to learn their own.

Measured on CDNOW and Online Retail: per shop at two cuts, 90 and 180 days before its end, the mean
of the four regressions in units of each feature, rounded to one digit (docs/model.md has the
command). No free history has clicks or e-mails beside orders, so they have no fixed weight.
"""

from __future__ import annotations

from tessera.records.scoring.learnt_forecasts import Regression

FIXED = Regression(
    names=("orders", "silence", "silence_share", "spend", "pace_90d"),
    mean=(0.6, 1.2, 0.7, 0.0, -0.4),
    spread=(1.0, 1.0, 1.0, 1.0, 1.0),
    intercept=-1.0,
    coefficients=(1.1, -0.1, -0.5, 0.2, 0.2),
)
