"""Learn from a campaign's runs who reacts, with the profiles that each run was planned from."""
