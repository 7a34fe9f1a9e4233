"""The errors that a user may see, each one line that names the file, key or source and what to do.

MonitorError
├── ConfigError        a file or setting is wrong: names the file and the key
├── InputError         what was given cannot be taken: names the file and the line
│   └── WrongInput         what somebody typed, chose or uploaded: told in the language of whoever reads it
├── ModelError         a model file is missing, damaged or of another version
├── StoreError         the store refused
│   └── StoreUnavailable   the store cannot be reached or cannot write now; trying again may help
└── NotifyError        a notice was not delivered
"""

from monitor.sentences import wrong


class MonitorError(Exception):
    """Anything that ends a command with one line and exit status 1."""


class ConfigError(MonitorError):
    """A file or setting is wrong."""


class InputError(MonitorError):
    """What was given cannot be taken: a file of documents or pages, a line of it, something typed."""

    def told(self, language: str) -> str:
        """Return the error in `vi` or `en`, in English where it has no other words."""
        return str(self)


class WrongInput(InputError):
    """What somebody typed, chose or uploaded: `key` names the sentence of wrong.toml, `values` fill its slots."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values

    def told(self, language: str) -> str:
        return wrong(self.key, language, self.values)

    def __str__(self) -> str:
        return self.told("en")


class ModelError(MonitorError):
    """A model file is missing, damaged or of another version."""


class StoreError(MonitorError):
    """The store refused."""


class StoreUnavailable(StoreError):
    """The store cannot be reached or cannot write now; trying again may help."""


class NotifyError(MonitorError):
    """A notice was not delivered."""
