"""Score every customer: scores, cluster, segment, statistics. Run by the `Score` state."""
