"""Home Assistant is killed again and again, while commands are sent and end on all clouds."""
