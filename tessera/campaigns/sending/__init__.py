"""Send a run: its states, one recipient at a time, the pace, the brakes, and settling doubts."""
