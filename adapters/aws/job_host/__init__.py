"""Small jobs in a function: the request that SageMaker or Glue would get, done as they do it."""
