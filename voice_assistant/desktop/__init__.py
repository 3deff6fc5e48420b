"""The desktop: microphone, speaker, keys, tray, notifications.

The only room that touches devices.
"""
