"""Words that are a command for the assistant itself, with every backend: "stop", "slower"."""
