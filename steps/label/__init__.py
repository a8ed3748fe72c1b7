"""Labels within seconds: events move them, and each run renews what they build on."""
