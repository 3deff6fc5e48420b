"""Sound as data: formats, coding, endpointing. Pure: no devices, no threads."""
