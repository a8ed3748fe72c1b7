"""CountAudience: what an audience comes to, for who builds a campaign. Called by the API."""
