"""PostgreSQL: its capabilities, rendering, requests and outcomes."""
