"""The headless commands: what ``nnsim train``, ``trace``, ``info`` and their like do, on the same engine as the window.

They are apart from the window so that a machine without a display, and without Qt, can do all of it. They open, run and print;
they refuse to compute anything of their own, and to import Qt, ``app`` or ``widgets``.
"""
