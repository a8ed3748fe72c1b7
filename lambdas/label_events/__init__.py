"""LabelEvents: events of the stream move customers' labels."""
