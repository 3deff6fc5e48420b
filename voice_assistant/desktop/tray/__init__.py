"""The icon in the tray, with its menu: by D-Bus (`sni`) or by the platform (`pystray`)."""
