"""MEANING: from a frame to plain data to draw, read aloud and print. No Qt."""
