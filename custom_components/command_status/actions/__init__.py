"""What users, automations and scripts call."""
