"""Subscriptions: retention by cohort, and who is about to cancel."""
