"""MeasureCampaign: what a campaign changed, and what happened to its messages."""
