"""What a run says of itself: statistics, summary, report."""
