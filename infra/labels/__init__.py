"""Live labels: events move customers' labels within seconds."""
