"""What the Prepare step is on every engine: what it is told, what it refuses, what it leaves."""
