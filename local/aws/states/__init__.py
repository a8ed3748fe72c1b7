"""Step Functions: moto's interpreter, completed."""
