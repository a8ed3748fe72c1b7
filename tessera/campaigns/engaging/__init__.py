"""Who opens, clicks and unsubscribes, and at which hour: learnt from the events of messages."""
