"""Parts that may be missing and come back: checked, started again, replaced."""
