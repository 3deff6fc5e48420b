"""The embedded backend: the same HTTP API, answered on this machine."""
