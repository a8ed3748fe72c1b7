"""ImportConsent: add the consents of an uploaded file. Called by the API."""
