"""``tessera mcp``: a run's figures for an assistant, over the Model Context Protocol."""
