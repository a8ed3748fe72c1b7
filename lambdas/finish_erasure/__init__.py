"""FinishErasure: the signed receipt, and the end of the tenant's turn."""
