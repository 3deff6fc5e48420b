"""The client of the Dify service API: models, event stream, HTTP."""
