"""The deployed app on this machine: synthesized, started, given uploads, read."""
