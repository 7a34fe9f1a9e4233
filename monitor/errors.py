"""The errors that a user may see, each one line that names the file, key or source and what to do.

MonitorError
├── ConfigError        a file or setting is wrong: names the file and the key
├── InputError         a file of documents or pages cannot be read: names the file and the line
├── ModelError         a model file is missing, damaged or of another version
├── StoreError         the store refused
│   └── StoreUnavailable   the store cannot be reached or cannot write now; trying again may help
└── NotifyError        a notice was not delivered
"""


class MonitorError(Exception):
    """Anything that ends a command with one line and exit status 1."""


class ConfigError(MonitorError):
    """A file or setting is wrong."""


class InputError(MonitorError):
    """A file of documents or pages cannot be read."""


class ModelError(MonitorError):
    """A model file is missing, damaged or of another version."""


class StoreError(MonitorError):
    """The store refused."""


class StoreUnavailable(StoreError):
    """The store cannot be reached or cannot write now; trying again may help."""


class NotifyError(MonitorError):
    """A notice was not delivered."""
