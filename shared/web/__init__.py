"""The shared look and the shared manners of every HTTP door."""
