"""The user's own record of all turns, on this disk: kept, searched, deleted."""
