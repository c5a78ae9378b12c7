"""What makes a home of it: saved commands, automations, blueprints, repairs, and the release."""
