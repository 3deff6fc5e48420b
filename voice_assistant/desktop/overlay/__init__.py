"""The caption overlay: one or a few lines of large text above all windows."""
