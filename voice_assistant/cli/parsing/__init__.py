"""Parses the command line by the table of commands, and helps to type it."""
