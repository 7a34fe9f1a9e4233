"""Web pages and API, reading through monitor only."""
