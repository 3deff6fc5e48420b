"""Who follows the events of the turns: notification, status, level meter."""
