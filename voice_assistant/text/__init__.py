"""Text for ears: sentences, Markdown, formulas, languages."""
