"""What templates are made of: the blocks, their fields and the brand kit, read from blocks.json."""
