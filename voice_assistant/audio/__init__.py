"""Sound as data: formats, coding, endpointing. Pure: this room uses no devices and no threads."""
