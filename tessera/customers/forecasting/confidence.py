"""When a difference is surely no accident."""

from __future__ import annotations

SURE = 1.645  # standard errors: 95 % on one side
