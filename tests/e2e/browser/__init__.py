"""By clicking: what a user sees and does in a real browser."""
