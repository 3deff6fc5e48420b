"""The settings of the user: file, environment, keyring, and what was chosen while it ran."""
