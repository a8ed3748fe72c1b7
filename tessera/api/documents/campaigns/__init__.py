"""Campaigns: what the API takes and says of them."""
