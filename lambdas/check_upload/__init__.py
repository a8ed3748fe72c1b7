"""CheckUpload: whether there is something to do, and whether it is sound."""
