"""WatchRuns: how long runs take while they take it, and how long ago the last one was."""
