"""Who answers, and what this program knows of it."""
