"""HTTP: the connections to one server, what is sent over them, and the way there."""
