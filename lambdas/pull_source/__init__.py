"""StartDailyRuns: one clock for every tenant."""
