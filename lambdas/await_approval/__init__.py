"""AwaitApproval: decide whether a run continues, or ask people first."""
