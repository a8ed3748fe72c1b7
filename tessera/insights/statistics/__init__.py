"""insights.json, made of what a run's steps wrote."""
