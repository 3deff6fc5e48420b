"""The process of the daemon: one for each user, reached by a socket, ended by signals."""
