"""The search for a customer, the only part of the API that reads the identities bucket."""
