"""This machine, as skills read and change it."""
