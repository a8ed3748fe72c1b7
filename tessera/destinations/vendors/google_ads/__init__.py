"""Google Ads: its capabilities, rendering, requests and outcomes."""
