"""When and in what order; Prefect lives here only."""
