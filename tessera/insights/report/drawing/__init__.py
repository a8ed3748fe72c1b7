"""The report's pictures, tables and style sheet."""
