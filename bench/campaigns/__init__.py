"""Campaigns: sending that is killed again and again, and the plan of a million customers."""
