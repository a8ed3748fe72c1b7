"""Sources against their own history: when they come, with how many rows, and how many refused."""
