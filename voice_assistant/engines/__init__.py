"""What turns speech into words and words into speech, on this machine."""
