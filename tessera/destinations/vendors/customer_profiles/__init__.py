"""Amazon Connect Customer Profiles: its capabilities, rendering, requests and outcomes."""
