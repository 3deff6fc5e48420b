"""Keyrings in memory: one that works, and some that do not."""

from __future__ import annotations

import threading

import keyring
import keyring.backend
import keyring.errors
import pytest


class MemoryKeyring(keyring.backend.KeyringBackend):
    priority = 1

    def __init__(self):
        super().__init__()
        self.kept = {}

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def delete_password(self, service, username):
        del self.kept[service, username]


class OddKeyring(MemoryKeyring):
    """Fails in ways that no keyring library declares."""

    def set_password(self, service, username, password):
        raise ZeroDivisionError("[org.example.Odd] ('something odd',). And more")

    def get_password(self, service, username):
        raise ZeroDivisionError("[org.example.Odd] ('something odd',). And more")


class SilentKeyring(MemoryKeyring):
    """Shows a prompt that nobody answers, until `answered` is set."""

    def __init__(self):
        super().__init__()
        self.asked = 0
        self.answered = threading.Event()

    def get_password(self, service, username):
        self.asked += 1
        self.answered.wait(60)
        return super().get_password(service, username)


class LockedKeyring(MemoryKeyring):
    def set_password(self, service, username, password):
        raise keyring.errors.KeyringLocked("locked")

    def get_password(self, service, username):
        raise keyring.errors.KeyringLocked("locked")


@pytest.fixture
def ring():
    """Put a keyring in memory in place of the system's."""
    previous = keyring.get_keyring()
    ring = MemoryKeyring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(previous)
