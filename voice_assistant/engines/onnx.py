"""onnxruntime, which runs networks; every module gets it from here.

Since version 1.29 the official packages report their use to Microsoft and leave a device's id in
the user's cache folder, unless this variable is set when they are loaded
(https://github.com/microsoft/onnxruntime/blob/main/docs/Privacy.md).
"""

from __future__ import annotations

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime

__all__ = ["onnxruntime"]
