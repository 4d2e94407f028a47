"""For the type checker alone: it knows modules by name, and this folder's conftest is not that of all tests. Python and pytest
read no such file, so here too tests import one another by their bare names."""
