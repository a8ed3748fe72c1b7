"""Amazon Pinpoint: its capabilities, rendering, requests and outcomes."""
