"""One question and its answer, and what commands mean meanwhile."""
