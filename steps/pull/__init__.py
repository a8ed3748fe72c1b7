"""What a shop's API has, kept as change files, page by page."""
