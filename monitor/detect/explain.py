"""The reasons of an issue in numbers and plain Vietnamese."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.provinces import PROVINCES
from monitor.records import VIETNAM

TOPIC_NAMES = {
    "health": "y tế",
    "education": "giáo dục",
    "transport": "giao thông",
    "land_housing": "đất đai, nhà ở",
    "environment": "môi trường",
    "disaster": "thiên tai, thời tiết",
    "economy": "kinh tế, giá cả",
    "labour_welfare": "việc làm, an sinh",
    "crime_law": "an ninh, pháp luật",
    "governance": "chính quyền, chính sách",
    "culture": "văn hóa, du lịch",
    "sport": "thể thao",
    "technology": "khoa học, công nghệ",
    "world": "thế giới",
    "lifestyle": "đời sống",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Reasons:
    """What an explanation is made of; `series` names the series (topic, place or none) of observed and expected."""

    topic: str
    places: Sequence[str]
    since: datetime
    texts: int
    last_24h: int
    publishers: Sequence[str]
    negative_share: float
    probability: float
    severity: float
    observed: float
    expected: float
    p_value: float
    window: int
    first: tuple[str, str]
    strongest: tuple[str, str]
    asked: tuple[str, str]
    raises: Sequence[str]
    lowers: Sequence[str]


def explanation(reasons: Reasons) -> str:
    """Return the explanation: what, where, since when, how much, how negative, what residents ask, and why told."""
    parts = (_what, _volume, _unusual, _asked, _worth, _sources)
    return " ".join(sentence for part in parts if (sentence := part(reasons)))


def number(value: float, digits: int = 1) -> str:
    """Return a number as Vietnamese writes it: comma before decimals, no needless zeros."""
    text = f"{value:.{digits}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def place_names(codes: Sequence[str]) -> str:
    """Return the names of provinces, three at most; "cả nước" for none."""
    names = [PROVINCES[code].name for code in codes if code in PROVINCES]
    more = f" và {len(names) - 3} tỉnh, thành khác" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more if names else "cả nước hoặc chưa rõ nơi"


def _what(r: Reasons) -> str:
    since = r.since.astimezone(VIETNAM)
    return (
        f"Vấn đề {TOPIC_NAMES.get(r.topic, r.topic)}, {place_names(r.places)}, từ {since:%H:%M} ngày {since:%d/%m/%Y}."
    )


def _volume(r: Reasons) -> str:
    share = number(100 * r.negative_share, 0)
    return (
        f"{r.texts} tin của {len(r.publishers)} nguồn ({', '.join(r.publishers)}), {r.last_24h} tin trong 24 giờ qua; "
        f"{share} % tiêu cực."
    )


def _unusual(r: Reasons) -> str:
    if r.p_value >= 1:
        return ""
    chance = "dưới 0,1" if r.p_value < 0.001 else number(100 * r.p_value)
    return (
        f"Lúc cao nhất, trong {r.window} giờ có {number(r.observed, 0)} tin cùng chủ đề và nơi, "
        f"bình thường {number(r.expected)}; ngẫu nhiên mà có chừng ấy: {chance} %."
    )


def _asked(r: Reasons) -> str:
    return f"Người dân lên tiếng: “{r.asked[1]}” ({r.asked[0]})." if r.asked[1] else ""


def _worth(r: Reasons) -> str:
    chance, severity = number(100 * r.probability, 0), number(r.severity)
    text = f"Khả năng là mối quan tâm của người dân: {chance} %, mức nghiêm trọng dự kiến {severity} trên 3"
    raised = f"; tăng vì: {', '.join(r.raises)}" if r.raises else ""
    lowered = f"; giảm vì: {', '.join(r.lowers)}" if r.lowers else ""
    return f"{text}{raised}{lowered}."


def _sources(r: Reasons) -> str:
    return f"Tin đầu: {r.first[0]}, “{r.first[1]}”. Tin tiêu biểu: {r.strongest[0]}, “{r.strongest[1]}”."
