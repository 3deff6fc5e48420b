"""The backend that answers, and the program's knowledge of it."""
