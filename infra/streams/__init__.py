"""Event streams: from Kinesis to uploads."""
