"""What a purchase is worth: the spend model, and with a purchase model the lifetime value."""
