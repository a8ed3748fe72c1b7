"""Train the models of a run in training jobs' containers: clusters, forecasts, cancellations."""
