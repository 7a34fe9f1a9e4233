"""What residents ask for or complain of, in the words of a document."""

import re
from collections.abc import Iterator

from monitor.records import Document, Kind
from monitor.text import normalize

LONGEST = 200
"""Signs of a sentence that are shown."""

_READ = 4_000
_PEOPLE = (
    "người dân|cư dân|bà con|hộ dân|nhà dân|dân|phụ huynh|khách hàng|hành khách|công nhân|người lao động|tài xế|"
    "nông dân|ngư dân|tiểu thương|người bệnh|bệnh nhân|học sinh|sinh viên|giáo viên|bạn đọc|cử tri|người mua|"
    "người thuê|chủ xe|nhà vườn|người đi đường"
)
_SAY = (
    "đề nghị|kiến nghị|mong|yêu cầu|kêu|cầu cứu|phản ánh|phản đối|bức xúc|khiếu nại|phàn nàn|than|thắc mắc|đòi|tố|lo|"
    "băn khoăn|khổ sở|bất an"
)
# Between who and what they say stands little, and no right, order or charge of somebody else.
_TOLD = re.compile(
    rf"\b(?:{_PEOPLE})\b(?:(?!quyền|không|khởi|truy)[^.!?;:]){{0,30}}?\b(?:{_SAY})\b(?! giác| tụng)", re.IGNORECASE
)
_OWN = re.compile(
    r"\b(?:mong|đề nghị|kiến nghị|yêu cầu|bao giờ|khi nào|tại sao|vì sao|sao lại|kêu cứu)\b", re.IGNORECASE
)
_ENDS = re.compile(r"(?<=[.!?…])\s+|\n+")


def asks(document: Document) -> str:
    """Return the first sentence in which residents ask or complain, or ""; who wrote a post is a resident."""
    said = _OWN if document.kind in (Kind.POST, Kind.COMMENT) else _TOLD
    return next((_shortened(s) for s in _sentences(document) if said.search(normalize(s))), "")


def _sentences(document: Document) -> Iterator[str]:
    for part in (document.lead, document.text[:_READ], document.title):
        yield from (sentence.strip() for sentence in _ENDS.split(part))


def _shortened(sentence: str) -> str:
    return sentence if len(sentence) <= LONGEST else sentence[:LONGEST].rsplit(None, 1)[0] + "…"
