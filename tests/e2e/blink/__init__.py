"""Blink in a real Home Assistant."""
