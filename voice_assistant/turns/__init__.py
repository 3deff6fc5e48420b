"""Turns: a question and its answer, and what each command does during a turn."""
