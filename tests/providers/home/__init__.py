"""Tests of the house as a provider."""
