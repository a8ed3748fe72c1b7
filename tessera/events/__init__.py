"""The event, the rolling window, netting of refunds."""
