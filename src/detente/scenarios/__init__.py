"""Scenarios and forecasts over the ties that records tell of (not built yet)."""
