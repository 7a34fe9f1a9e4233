"""Stories, series and issues: pure functions over annotated documents in order of arrival."""
