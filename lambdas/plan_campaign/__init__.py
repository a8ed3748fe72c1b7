"""PlanCampaign: freeze the audience of a run."""
