"""Train the churn model on customers' attributes. Run by the `TrainChurn` state."""
