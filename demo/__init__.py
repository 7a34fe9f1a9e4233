"""A small newsroom of invented text on localhost, to see the whole chain at work."""
