"""Event streams: how records are put on one."""
