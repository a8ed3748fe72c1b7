"""What a campaign changed: treated against held-out people, by assignment."""
