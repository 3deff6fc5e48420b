"""From an open microphone to words: listening, recordings that nothing loses, transcription."""
