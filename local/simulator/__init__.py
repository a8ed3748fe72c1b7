"""Made-up reactions to a campaign, for a laptop where nobody reads the mails."""
