"""Campaigns, their runs and results, as the API shows and changes them."""
