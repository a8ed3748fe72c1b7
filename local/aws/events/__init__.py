"""EventBridge: delivery and schedules."""
