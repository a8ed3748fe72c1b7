"""Customer.io: its capabilities, rendering, requests and outcomes."""
