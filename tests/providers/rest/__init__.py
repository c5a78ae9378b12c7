"""Tests of the provider that speaks as a description says."""
