"""What a file's columns mean, by its header: a shop's export that we know, or a plain file."""
