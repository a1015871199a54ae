"""What can be wrong on the machine itself, said in a sentence."""


class Trouble(Exception):
    """Its text is shown as it is, without a traceback."""
