"""SEEING: widgets that show frames and pictures and say what the user intends. They know no simulation and no thread."""
