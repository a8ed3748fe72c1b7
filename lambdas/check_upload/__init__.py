"""CheckUpload: whether there is something to run, and whether it can be read."""
