"""KeepCampaigns: what happens to campaigns by the clock."""
