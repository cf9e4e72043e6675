"""Scenarios and forecasts: what follows if a move is made, and what comes next."""
