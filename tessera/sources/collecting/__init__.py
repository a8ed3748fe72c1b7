"""What a page in a browser sends: one body of JSON → records of the stream."""
