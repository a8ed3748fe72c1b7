"""The documents of a run as a whole: its ticket, its data, its end."""
