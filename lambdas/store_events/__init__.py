"""StoreEvents: the records of the event stream become parts of an upload."""
