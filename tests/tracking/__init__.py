"""Tests of the pure core: no Home Assistant, no mocks, no clock."""
