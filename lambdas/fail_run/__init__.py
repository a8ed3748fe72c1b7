"""FailRun: say what went wrong and what to do."""
