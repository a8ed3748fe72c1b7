"""Where embedded AWS pretends to be."""

ACCOUNT = "123456789012"
REGION = "us-east-1"
PORT = 5005  # default port of `tessera serve`
