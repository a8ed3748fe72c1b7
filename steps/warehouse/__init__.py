"""The warehouse's own use cases: its views, its loads, and what it hands back."""
