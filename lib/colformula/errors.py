"""What can go wrong with a formula."""


class FormulaError(ValueError):
    """The text is not a formula, or the formula names what is not there.

    Attributes
    ----------
    message : str
        One sentence, without its full stop.
    position : int or None
        Character of the formula, counted from 1.
    """

    def __init__(self, message: str, position: int | None = None):
        self.message, self.position = message, position
        super().__init__(f"{message} (huruf ke-{position})." if position else f"{message}.")


class Missing(LookupError):
    """A value that the formula needs is not there; the result is not available."""
