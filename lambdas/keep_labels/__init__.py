"""KeepLabels: a run's rules and states for live labels."""
