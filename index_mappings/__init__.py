"""The index templates that Elasticsearch is given, as files."""
