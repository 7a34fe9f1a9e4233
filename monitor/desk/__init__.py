"""The desk: people's state (alerts, silences, cases, reports, books, users, audit) in a relational database."""

from monitor.desk.database import Desk

__all__ = ["Desk"]
