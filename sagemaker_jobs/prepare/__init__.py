"""Read an upload, check it, store its events, summarise customers. Run by the `Prepare` state."""
