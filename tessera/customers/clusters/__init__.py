"""K-Means clusters of buyers: fitted, named, and predicted."""
