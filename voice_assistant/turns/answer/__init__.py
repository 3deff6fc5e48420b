"""How a question is asked, and its answer received: shown, spoken, and asked back."""
