"""The setup: what a new user tries and keeps, in the terminal and in the window."""
