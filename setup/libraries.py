"""Prints which of the shared libraries that typesetting needs can be loaded on this machine.

Asks the loader itself, as WeasyPrint will, and not the package manager: a library counts where it
works, however it came.
"""

import ctypes
import ctypes.util
import sys

LIBRARIES = {
    "pango": ("libpango-1.0.so.0", "pango-1.0"),
    "pangoft2": ("libpangoft2-1.0.so.0", "pangoft2-1.0"),
    "harfbuzz-subset": ("libharfbuzz-subset.so.0", "harfbuzz-subset"),
}


def loads(soname: str, name: str) -> bool:
    path = ctypes.util.find_library(name) if sys.platform == "darwin" else soname
    try:
        ctypes.CDLL(path or soname)
    except OSError:
        return False
    return True


print(*(library for library, names in LIBRARIES.items() if loads(*names)))
