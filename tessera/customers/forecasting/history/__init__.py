"""What is known of customers on a day, today or earlier."""
