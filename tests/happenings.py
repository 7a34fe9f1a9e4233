"""Invented happenings for the tests of detection: what several newsrooms wrote, hour by hour."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from conftest import NOW, make_annotation, make_document

from monitor.detect.choice import FEATURES, Choice
from monitor.detect.law import Law
from monitor.detect.worth import Judgement, Reading
from monitor.records import TOPICS
from monitor.store import Hit

SMELL = (
    ("Mùi hôi từ bãi rác Gò Sậy bủa vây khu dân cư", "Hàng trăm hộ dân quanh bãi rác Gò Sậy phải đóng cửa vì mùi hôi"),
    ("Dân phản ánh mùi hôi bãi rác Gò Sậy suốt đêm", "Người dân sống cạnh bãi rác Gò Sậy mất ngủ vì mùi hôi nồng nặc"),
    ("Bãi rác Gò Sậy bốc mùi hôi, phường nói gì", "Phường cho biết đã kiến nghị xử lý mùi hôi ở bãi rác Gò Sậy"),
    ("Sở kiểm tra mùi hôi ở bãi rác Gò Sậy", "Đoàn kiểm tra đo mùi hôi quanh bãi rác Gò Sậy theo phản ánh của dân"),
    ("Bãi rác Gò Sậy: cư dân xuống đường vì mùi hôi", "Cư dân quanh bãi rác Gò Sậy yêu cầu dời bãi rác vì mùi hôi"),
)
BRIDGE = (
    ("Cầu Rạch Lá nứt mặt, xe tải bị cấm", "Vết nứt dài trên mặt cầu Rạch Lá khiến xe tải phải đi vòng"),
    ("Cấm xe tải qua cầu Rạch Lá vì mặt cầu nứt", "Vết nứt ở cầu Rạch Lá rộng thêm sau mưa, xe tải bị cấm qua"),
    ("Vết nứt cầu Rạch Lá: tài xế xe tải kêu khó", "Tài xế xe tải phải vòng 20 km vì cầu Rạch Lá có vết nứt"),
)


@dataclass(frozen=True)
class PlainWorth:
    """Judges a story by the mean of its concerns, and reads nothing of the words."""

    def read(self, hit: Hit, vector: Mapping[int, float], terms: Sequence[str]) -> Reading:
        return Reading((hit.annotation.concern if hit.annotation else 0.0,), raises=tuple(terms[:1]))

    def judge(self, readings: Sequence[Reading], publishers: Sequence[str], hours: float) -> Judgement:
        chance = sum(reading.values[0] for reading in readings) / len(readings)
        return Judgement(probability=chance, severity=3 * chance, logit=math.log((chance + 0.01) / (1.01 - chance)))


def plain_choice() -> Choice:
    """Return a choice for which every story grows: tell what is more likely than not a concern."""
    law = Law(features=FEATURES, weights=(0.0,) * len(FEATURES), intercept=40.0)
    return Choice(law=law, rates=(0.0, 100.0), bars=(0.5, 0.5))


def told(texts: Iterable[tuple[str, str]], *, start: float = 0, every: float = 1, **changes: Any) -> list[Hit]:
    """Return a happening: one text every so many hours, by three newsrooms in turn, in the topic of `changes`."""
    hits = []
    topic = changes.pop("topic", "environment")
    for n, (title, lead) in enumerate(texts):
        at = NOW + timedelta(hours=start + n * every)
        source = {"publisher": f"Báo {'ABC'[n % 3]}", "source_id": f"bao-{n % 3}"}
        document = make_document(
            title, **{"lead": lead, "fetched_at": at, "published_at": at, **source, **_of(changes)}
        )
        about = {"topic": topic, "topics": {t: float(t == topic) for t in TOPICS}, "keywords": ()}
        hits.append(Hit(document=document, annotation=make_annotation(document, **{**about, **_said(changes)})))
    return hits


def in_order(*happenings: Sequence[Hit]) -> list[Hit]:
    """Return the hits of all happenings in order of arrival."""
    return sorted((h for hits in happenings for h in hits), key=lambda h: (h.document.fetched_at, h.document.id))


def _said(changes: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in changes.items() if k in ("concern", "places", "tone", "tone_score")}


def _of(changes: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in changes.items() if k in ("kind", "voice", "publisher", "source_id")}
