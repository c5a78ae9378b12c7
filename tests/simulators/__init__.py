"""The simulators must be trusted before anything that is tested against them."""
