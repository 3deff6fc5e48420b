"""The commands that ask the server: one table (`verbs`), and one way to run them (`run`)."""
