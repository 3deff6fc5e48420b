"""Asks a question and receives its answer: shows it, speaks it, and asks the user back."""
