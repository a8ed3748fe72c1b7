"""SageMaker jobs: prepare, train_kmeans, score."""
