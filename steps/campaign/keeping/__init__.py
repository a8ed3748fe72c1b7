"""What happens to campaigns by the clock."""
