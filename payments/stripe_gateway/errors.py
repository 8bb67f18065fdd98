"""What a call to the processor may end in, beside an answer."""


class ProcessorError(Exception):
    """`code` is the processor's own word, e.g. "insufficient_funds"; `object_id` the payment it is about, when it named one."""

    def __init__(self, code: str, message: str = "", object_id: str = "") -> None:
        self.code, self.message, self.object_id = code, message, object_id
        super().__init__(f"{code}: {message}" if message else code)


class Declined(ProcessorError):
    """The card's bank said no. Nothing moved; the same card may work another time, another card may work now."""


class Refused(ProcessorError):
    """The processor refused the request as it stands. Nothing happened, and asking again would change nothing."""


class Unavailable(ProcessorError):
    """No answer, or one that says nothing about the outcome: it may or may not have happened."""


class StoredFailure(Unavailable):
    """The processor repeats an error it keeps under our key: this key will never say what happened. Look the object up."""
