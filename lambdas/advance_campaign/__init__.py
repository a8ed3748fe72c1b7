"""AdvanceCampaign: what the state machine of campaigns asks between its waits."""
