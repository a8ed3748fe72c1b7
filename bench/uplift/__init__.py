"""Who reacts: learnt on a million people, and on a public experiment beside an oracle."""
