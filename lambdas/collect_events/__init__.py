"""CollectEvents: the events that pages send, into the stream."""
