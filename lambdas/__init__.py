"""A folder per function, each only a handler: parse, wire, call, reply."""
