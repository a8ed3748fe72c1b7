"""Customers: the summary, RFM scores, clusters."""
