"""What the stack of a CRM is made of."""
