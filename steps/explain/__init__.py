"""Why a customer has the labels that they have: for the command line and for the API."""
