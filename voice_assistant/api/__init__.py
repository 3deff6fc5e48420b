"""The Dify Service API: typed client, wire models, event stream."""
