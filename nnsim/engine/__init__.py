"""TIME: where in the computation we are, and how to get anywhere else. No Qt, no threads, no files."""
