"""report.html: one file that a marketer can read and a data scientist can check."""
