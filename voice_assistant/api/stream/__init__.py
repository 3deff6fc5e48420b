"""The stream of an answer: its events, its end, and how long it is waited for."""
