"""The plan, the ledger and the load: what to send, and what was sent."""
