"""The sections of the settings file, by subject; `schema` lists them."""
