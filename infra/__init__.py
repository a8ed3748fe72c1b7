"""The AWS resources; reads as the architecture page does."""
