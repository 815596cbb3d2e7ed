"""Django's backend for SQLite, with a queue in front of the one writer SQLite can have."""
