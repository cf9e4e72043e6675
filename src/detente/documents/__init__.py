"""Files, pages and feeds become `Document` records with metadata, boilerplate and language."""
