"""Train K-Means on the distinct features of buyers. Run by the `TrainKMeans` state."""
