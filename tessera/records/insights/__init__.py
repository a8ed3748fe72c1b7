"""insights.json: what a run says of its customers, served by the API and drawn by the console."""
