"""PlanLoads: show what a run would send. Called by people, not by the state machine."""
