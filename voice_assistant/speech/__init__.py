"""From an answer's text to speech that was heard: sentences, plan, asking, saying, player."""
