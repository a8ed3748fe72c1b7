"""Customers' moves between two runs, their causes, and the circuit breaker."""
