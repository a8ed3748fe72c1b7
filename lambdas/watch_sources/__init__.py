"""WatchSources: which sources are late, whether or not a run ends."""
