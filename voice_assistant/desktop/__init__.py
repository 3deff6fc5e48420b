"""The desktop: keys, tray, notifications, the session bus, the applications menu, autostart.

Microphone and speaker are in `sound/`.
"""
