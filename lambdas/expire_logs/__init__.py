"""ExpireLogs: the end of the logs that SageMaker keeps without an end."""
