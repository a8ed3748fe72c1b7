"""AWS through boto3: clients, errors, secrets, objects and notifications."""
