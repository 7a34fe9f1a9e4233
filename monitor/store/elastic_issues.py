"""Issues in Elasticsearch: one that somebody else changed since it was read is not written over."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from elasticsearch import NotFoundError

from monitor.errors import StoreError, StoreUnavailable
from monitor.jsonl import from_dict, to_dict
from monitor.records import Issue, Level
from monitor.store.elastic_bulk import Action, Fate, write
from monitor.store.elastic_client import Cluster, spoken
from monitor.store.elastic_reading import rows


class IssueBook:
    """The issues of a cluster, and which writing of each was read here last."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._read: dict[str, dict[str, int]] = {}

    def save(self, issues: Iterable[Issue]) -> None:
        """Keep the issues.  Raises StoreUnavailable when one was changed since: read it again, decide again."""
        latest = {issue.id: issue for issue in issues}
        results = write(self._cluster, [self._action(issue) for issue in latest.values()])
        for id_ in latest:
            self._read.pop(id_, None)
        fates = {id_: result for id_, result in zip(latest, results, strict=True) if result.fate is not Fate.DONE}
        for id_, result in fates.items():
            if result.fate is Fate.CONFLICT:
                raise StoreUnavailable(f"{self._cluster.name}: another process changed issue {id_}; try again")
            raise StoreError(f"{self._cluster.name}: issue {id_}: {result.reason}")

    def of(self, levels: Sequence[Level], limit: int) -> list[Issue]:
        """Return issues of those levels, highest score first."""
        wanted = [str(level) for level in levels or tuple(Level)]
        query = {"bool": {"filter": {"terms": {"level": wanted}}}}
        sort = [{"score": "desc"}, {"id": "asc"}]
        found = rows(self._cluster, "issues", query, sort, limit)
        return [self._issue(row) for row in found]

    def get(self, issue_id: str) -> Issue | None:
        """Return the issue as it was last written."""
        with spoken(self._cluster):
            try:
                found = self._cluster.client.get(index=self._cluster.index("issues"), id=issue_id)
            except NotFoundError:
                return None
        return self._issue(found.body)

    def _issue(self, found: Mapping[str, Any]) -> Issue:
        self._read[found["_id"]] = {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}
        return from_dict(Issue, found["_source"])

    def _action(self, issue: Issue) -> Action:
        where = {"_index": self._cluster.index("issues"), "_id": issue.id, "require_alias": True}
        return Action("index", where | self._read.get(issue.id, {}), to_dict(issue))
