"""Campaigns on AWS: one DynamoDB table, and SES."""
