"""Asks a chat model: any server with the API that OpenAI documents as "chat completions"."""
