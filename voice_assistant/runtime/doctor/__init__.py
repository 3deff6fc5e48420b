"""The doctor: examines everything that the assistant needs."""
