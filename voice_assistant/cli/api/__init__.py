"""The commands that speak with the server: one table (`verbs`), one way to run them (`run`)."""
