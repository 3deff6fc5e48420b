"""The embedded backend: a server on this machine with the same HTTP API as a Dify app."""
