"""Say what a run would send; called by people, not by the state machine."""
