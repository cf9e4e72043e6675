"""Text to records: actors, dates, events, claims, expectations, quantities, reports."""
