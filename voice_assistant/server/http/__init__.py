"""HTTP: who is let in, how requests are read, and how responses are sent."""
