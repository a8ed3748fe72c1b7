"""The neutral export: its capabilities, rendering, requests and outcomes."""
