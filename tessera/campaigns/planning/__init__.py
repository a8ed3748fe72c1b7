"""The plan of a run: who is eligible, who is not and why, who is held out, and when to send."""
