"""The authorizer of the API: API keys, and access tokens of the user pool."""
