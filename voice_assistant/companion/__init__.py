"""The window: a page that the daemon serves on this machine, once it is wanted."""
