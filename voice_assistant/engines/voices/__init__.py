"""Words to speech, on this machine."""
