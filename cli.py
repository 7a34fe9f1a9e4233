"""The command line: `langnghe`."""


def main() -> None:
    """Run the command line."""
