"""The files of trained networks: which there are, where they are kept, whether they are whole."""
