"""BeginErasure: an erasure waits for its tenant's turn among the runs."""
