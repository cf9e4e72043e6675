"""Views: records and relations to pages that people read."""
