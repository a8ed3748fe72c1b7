"""HTTP to vendors: the client, its rate, its tokens, public hosts only."""
