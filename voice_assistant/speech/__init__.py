"""Speaks an answer's text: plan, requests, script, narration, player."""
