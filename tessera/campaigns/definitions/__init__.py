"""What a campaign is: audience, variants, schedule, holdout. A run freezes one of its audiences."""
