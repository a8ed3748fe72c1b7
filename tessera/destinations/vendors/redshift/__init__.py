"""Amazon Redshift: its capabilities, rendering, requests and outcomes."""
