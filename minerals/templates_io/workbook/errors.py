"""What a file can be refused for: a code and its facts. The sentences stand in the room's services."""


class Unreadable(Exception):
    """A file that cannot be read. `code` names the reason, `params` are the facts its sentence needs."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
