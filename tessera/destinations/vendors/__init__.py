"""One pure file a vendor: render, requests, outcome."""
