"""Objects of the embedded S3: on the disk where they are large, and read by ranges."""
