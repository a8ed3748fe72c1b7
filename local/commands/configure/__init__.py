"""Set a stage of cdk.json up: questions, checks, and the file."""
