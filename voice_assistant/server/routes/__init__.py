"""The endpoints of the server, by topic."""
