"""Amazon SES: its capabilities, rendering, requests and outcomes."""
