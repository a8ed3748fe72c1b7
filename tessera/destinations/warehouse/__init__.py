"""Tables for BI tools in a database."""
