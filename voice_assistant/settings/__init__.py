"""What the user has set: the file, the environment, the keyring, what was chosen while it ran."""
