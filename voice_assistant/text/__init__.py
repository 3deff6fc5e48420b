"""Prepares text for speech: sentences, Markdown, formulas, languages."""
