"""The terminal: what is printed there, what is typed there, and how a command is interrupted."""
