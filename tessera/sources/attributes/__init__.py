"""Files of customer attributes."""
