"""The followers of the events of turns: notification, status, level meter."""
