"""HubSpot: its capabilities, rendering, requests and outcomes."""
