"""KEEPING: snapshots and what goes in and out. Atomic, versioned, no pickle, no Qt."""
