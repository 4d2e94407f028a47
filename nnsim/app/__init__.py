"""DOING: the window, its actions, the thread that trains, the document."""
