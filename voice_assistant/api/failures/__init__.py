"""What goes wrong between us and a server, in words for people."""
