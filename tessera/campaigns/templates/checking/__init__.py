"""What is wrong with a template: errors stop it from being published, warnings do not."""
