"""What a plan reads of customers: profiles, addresses, and the profiles of an earlier run."""
