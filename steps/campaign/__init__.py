"""Run a campaign: send its chunks, settle doubts, write events, and unsubscribe."""
