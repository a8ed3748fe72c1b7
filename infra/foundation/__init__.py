"""What every capability stands on: keys, buckets, the runs table, the secret and the catalog."""
