"""Microphone and loudspeaker: the only importer of PortAudio."""
