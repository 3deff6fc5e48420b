"""Databases that other programs have put in the place of ours."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def other_database(file: Path, version: int = 0, table: str = "places (url, visits)") -> None:
    """Make the database of another program."""
    with contextlib.closing(sqlite3.connect(file)) as db:
        db.execute(f"CREATE TABLE {table}")
        db.execute(f"PRAGMA user_version = {version}")
        db.commit()


def _moved_there(file: Path) -> None:
    other = file.with_name("other.sqlite3")
    other_database(other, version=5)
    other.replace(file)


def _emptied(file: Path) -> None:
    with contextlib.closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        for (table,) in db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
            " ORDER BY length(name)"
        ).fetchall():
            db.execute(f"DROP TABLE IF EXISTS {table}")
        db.execute("CREATE TABLE places (url)")
        db.commit()


REPLACED: dict[str, Callable[[Path], None]] = {
    "moved there": _moved_there,
    "emptied": _emptied,
}
"""The ways in which another database comes to the place of one in use."""
