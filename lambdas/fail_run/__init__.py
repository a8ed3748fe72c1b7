"""FailRun: record what went wrong and what to do."""
