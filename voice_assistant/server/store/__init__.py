"""What the embedded backend keeps: one SQLite file, and the folder of uploaded files."""
