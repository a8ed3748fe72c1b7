"""What a run costs at AWS list prices: expected before it, and measured after it."""
