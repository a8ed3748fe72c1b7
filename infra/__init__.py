"""The AWS resources. Reads as the architecture page does."""
