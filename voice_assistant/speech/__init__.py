"""From an answer's text to speech that was heard: plan, requests, script, narration, player."""
