"""Live labels: a customer's label within seconds, by the rules of the last run."""
