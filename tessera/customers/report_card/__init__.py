"""The report card: what the models would have predicted earlier, against what then happened."""
