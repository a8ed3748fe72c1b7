"""AwaitApproval: whether a run may be sent to its destinations, or somebody is to look first."""
