"""Who may deploy a stage from a pipeline, and who may send its canary."""
