"""Tables of an operational database, as change files: what AWS DMS writes to S3, and we offline."""
