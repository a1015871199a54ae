"""The contracts of what services tell each other: one file per producer, and the envelope."""
