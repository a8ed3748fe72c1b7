"""SageMaker and Glue jobs as processes of this machine."""
