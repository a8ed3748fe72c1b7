"""What corrects the purchase model: learnt, proven, applied."""
