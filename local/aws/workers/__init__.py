"""Processes of jobs and functions: forks of one that has imported what they need, or new ones."""
