"""The running program: its composition, its daemon, its control socket."""
