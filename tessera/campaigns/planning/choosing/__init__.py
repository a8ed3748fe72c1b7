"""Who a run is about, who of them may be written to, and what chance decides."""
