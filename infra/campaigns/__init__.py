"""Campaigns: the state machine that plans and sends runs, what sends mail, and its events."""
