"""One page -> one Document or one outcome: golden pages, hostile pages, the same figures as for real pages."""

import json
import time
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.extract import check_selectors, extract, source_for
from crawlers.metadata import canonical_url
from monitor.errors import ConfigError, InputError
from monitor.jsonl import document_id
from monitor.records import Document, Kind, Outcome, Source, SourceKind

NOW = datetime(2026, 11, 25, tzinfo=UTC)
PAGES = sorted((Path(__file__).parent / "pages").glob("*.json"))
URL = "https://bao.example/tin/mot-bai-123.html"
PARAGRAPHS = (
    "Sáng nay, nhiều hộ dân thôn Hạ phản ánh nước giếng có màu vàng và mùi tanh, không thể dùng để nấu ăn.",
    "Ủy ban nhân dân xã cho biết đã lấy mẫu nước gửi đi kiểm nghiệm, kết quả sẽ được công khai trong tuần tới.",
    "Trước mắt, xã bố trí hai xe bồn cấp nước miễn phí vào mỗi buổi sáng tại nhà văn hóa thôn cho bà con.",
)
STORY = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
TIME = '<meta property="article:published_time" content="2026-03-14T08:15:00+07:00">'
HEADLINE = "Nước giếng thôn Hạ có màu vàng"


def page(body: str = STORY, head: str = TIME, title: str = HEADLINE) -> bytes:
    html = f"<html><head><meta charset=utf-8><title>{title}</title>{head}</head>"
    return f"{html}<body><h1>{title}</h1><div>{body}</div></body></html>".encode()


def read(html: bytes, url: str = URL, content_type: str = "", **selectors: str) -> Document | Outcome:
    source = Source(
        id="bao",
        name="Báo",
        home="https://bao.example/",
        kind=SourceKind.NEWS,
        publisher="bao",
        selectors=MappingProxyType(selectors),
    )
    return extract(html, url=url, source=source, fetched_at=NOW, content_type=content_type)


def document(html: bytes, url: str = URL, content_type: str = "", **selectors: str) -> Document:
    found = read(html, url, content_type, **selectors)
    assert isinstance(found, Document), found
    return found


def golden(path: Path) -> tuple[Mapping[str, Any], Document]:
    expected = json.loads(path.read_text("utf-8"))
    url = expected["url"]
    found = extract(path.with_suffix(".html").read_bytes(), url=url, source=source_for(url), fetched_at=NOW)
    assert isinstance(found, Document), found
    return expected, found


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_a_golden_page_gives_its_story_and_nothing_else(path: Path) -> None:
    expected, found = golden(path)
    told = f"{found.lead}\n{found.text}"
    assert [s for s in expected["with"] if s not in told] == []
    assert [s for s in expected["without"] if s in told] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_a_golden_page_gives_headline_lead_time_section_and_address(path: Path) -> None:
    expected, found = golden(path)
    assert found.title == expected["title"]
    assert found.published_at == datetime.fromisoformat(expected["published_at"])
    assert found.lead == expected.get("lead", found.lead)
    assert found.section == expected.get("section", found.section)
    assert found.url == expected.get("canonical", found.url)


def test_a_document_is_an_article_of_its_source_named_by_its_canonical_url() -> None:
    found = document(page(), URL + "?utm_source=x")
    assert (found.kind, found.source_id, found.publisher) == (Kind.ARTICLE, "bao", "bao")
    assert found.id == document_id(URL)
    assert found.url == URL
    assert found.text == "\n".join(PARAGRAPHS)


def test_a_lead_that_opens_the_body_is_told_once() -> None:
    lead = "Nhiều hộ dân thôn Hạ phải mua nước bình để nấu ăn suốt hai tuần qua."
    found = document(page(f'<h2 class="sapo">{lead}</h2><div><p>{lead}</p>{STORY}</div>'))
    assert found.lead == lead
    assert found.text == "\n".join(PARAGRAPHS)


def test_text_is_in_nfc_without_invisible_characters() -> None:
    found = document(
        page(STORY.replace("ả", "a\u0309").replace("Sáng", "Sá\u200bng"), title="Nu\u031bo\u031b\u0301c giếng thôn Hạ")
    )
    assert found.text == "\n".join(PARAGRAPHS)
    assert found.title == "Nước giếng thôn Hạ"


@pytest.mark.parametrize(
    "suffix", [" - Bao.example", " | Báo Mẫu", " - Báo Mẫu điện tử", " | Thời sự | Báo Mẫu", " &#8211; Báo Mẫu"]
)
def test_a_headline_has_no_site_name(suffix: str) -> None:
    html = page(title=HEADLINE + suffix).replace(b"<h1>", b"<p>").replace(b"</h1>", b"</p>")
    assert document(html).title == HEADLINE


def test_the_h1_is_the_headline_and_not_what_was_written_for_social_networks() -> None:
    assert document(page(head=TIME + '<meta property="og:title" content="Sốc: cả thôn mất nước">')).title == HEADLINE


def test_a_site_name_in_an_h1_is_not_the_headline() -> None:
    html = page().replace(b"<body>", '<body><h1 class="logo"><a href="/">Báo Mẫu Online</a></h1>'.encode())
    assert document(html).title == HEADLINE


@pytest.mark.parametrize(
    "data",
    [
        '{"@type":"NewsArticle","datePublished":"2026-03-14T08:15:00+07:00",}',
        '<!-- {"@type":"NewsArticle","datePublished":"2026-03-14T08:15:00+07:00"} -->',
        '[{"@type":"Organization"},{"@type":"NewsArticle","datePublished":"2026-03-14T08:15:00+07:00"}]',
        '{"@graph":[{"@type":["NewsArticle"],"datePublished":"2026-03-14T08:15:00+07:00"}]}',
        '{"@type":"NewsArticle","description":"dòng\nmới \t","datePublished":"2026-03-14T08:15:00+07:00"}',
        '{"@type":"NewsArticle","headline":"Vụ "lạ" ở xã","datePublished":"2026-03-14T08:15:00+07:00"}',
    ],
)
def test_linked_data_is_read_however_broken(data: str) -> None:
    script = '<script type="application/ld+json">'
    head = f'{script}{{"@type":"WebSite"}}</script>{script}{data}</script>'
    assert document(page(head=head)).published_at == datetime(2026, 3, 14, 1, 15, tzinfo=UTC)


def test_the_printed_clock_wins_over_local_time_marked_as_utc() -> None:
    head = TIME.replace("+07:00", "Z")
    found = document(page("<span>Thứ bảy, 14/03/2026, 08:15 (GMT+7)</span>" + STORY, head))
    assert found.published_at == datetime(2026, 3, 14, 1, 15, tzinfo=UTC)


def test_a_printed_clock_completes_a_bare_date() -> None:
    found = document(page("<span>14/03/2026 | 08:15</span>" + STORY, TIME.replace("T08:15:00+07:00", "")))
    assert found.published_at == datetime(2026, 3, 14, 1, 15, tzinfo=UTC)


def test_the_time_of_an_update_is_not_the_time_of_publication() -> None:
    times = "<span>Cập nhật: 15/03/2026 20:00</span><span>Đăng: 14/03/2026 08:15</span>"
    assert document(page(times + STORY, "")).published_at == datetime(2026, 3, 14, 1, 15, tzinfo=UTC)


def test_a_time_in_the_future_is_no_time() -> None:
    assert read(page(head=TIME.replace("2026", "2031"))) is Outcome.NO_DATE


@pytest.mark.parametrize(
    ("claimed", "expected"),
    [
        ("https://bao.example/that.html?utm_campaign=a&id=4#x", "https://bao.example/that.html?id=4"),
        ("/that.html", "https://bao.example/that.html"),
        ("https://m.bao.example/that.html", "https://m.bao.example/that.html"),
        ("https://ke-xau.example/that.html", URL),
        ("javascript:alert(1)", URL),
        ("https://bao.example/", URL),
        ("http://[::1", URL),
        ("", URL),
    ],
)
def test_a_canonical_address_is_believed_on_its_own_site_only(claimed: str, expected: str) -> None:
    assert canonical_url(URL + "?fbclid=1#top", claimed) == expected


def test_cards_of_other_articles_are_left_out_without_any_class_name() -> None:
    card = "<div><a href=/x>Làng chài chờ bến mới đã ba năm</a><p>{}</p></div>"
    told = "Bến cũ bị sóng đánh sập, bà con phải gửi thuyền ở xã bên, mỗi chuyến mất thêm một giờ đồng hồ, theo lời kể."
    cards = card.format(told) * 6
    assert document(page(f"<div>{STORY}</div><div>{cards}</div>")).text == "\n".join(PARAGRAPHS)
    assert document(
        page(f"<div>{STORY.replace('</p><p>', '</p>' + card.format(told) + '<p>', 1)}</div>")
    ).text == "\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "told",
    [
        "Trở lại vụ cháy chợ, công an cho biết nguyên nhân ban đầu là chập điện ở một ki-ốt bán vải giữa dãy.",
        "Giấy phép xây dựng của công trình đã hết hạn từ tháng 3, phường xác nhận trong buổi làm việc chiều qua.",
        "Theo dõi diễn biến tại kênh Nước Đen nhiều ngày, người dân cho biết nước đổi màu vào lúc nửa đêm.",
        "Bạn đọc gửi phản ánh tới báo cho biết đoạn đường này đã có ba vụ tai nạn chỉ trong một tháng qua.",
    ],
)
def test_a_story_that_begins_like_a_prompt_is_told(told: str) -> None:
    assert told in document(page(STORY + f"<p>{told}</p>" + STORY)).text


def test_what_readers_wrote_below_the_story_is_left_out() -> None:
    comment = "<p>Tôi ở gần đó, mong xã sớm có nước sạch cho bà con, chờ đợi lâu quá rồi, ai cũng mệt mỏi.</p>"
    story = STORY + STORY.replace("nước", "điện") + STORY.replace("xã", "phường")
    assert "Tôi ở gần" not in document(page(f"{story}<div><b>Bình luận (2)</b>{comment}</div>")).text


def test_the_clock_in_the_head_of_the_site_is_not_the_time_of_the_article() -> None:
    html = page("<span>Hà An</span> - <span>14 Tháng Ba, 2026 | 08:15</span>" + STORY, "")
    html = html.replace(b"<body>", "<body><div>Thứ Tư, 25/11/2026 06:30</div><time>25/11/2026</time>".encode())
    assert document(html).published_at == datetime(2026, 3, 14, 1, 15, tzinfo=UTC)


def test_selectors_of_a_source_win() -> None:
    marked = '<p id="k">Bóng đá</p><b id="t">Tên khác của bài</b><u id="d">01/02/2026 09:00</u>'
    html = page(
        f'{marked}<i id="l">{PARAGRAPHS[0]}</i><div id="x">{PARAGRAPHS[1]}<em class="q">Rao vặt</em></div>{STORY}'
    )
    found = document(html, title="#t", lead="#l", time="#d", text="#x", section="#k", drop=".q")
    assert (found.title, found.lead, found.text) == ("Tên khác của bài", PARAGRAPHS[0], PARAGRAPHS[1])
    assert found.section == "Bóng đá"
    assert found.published_at == datetime(2026, 2, 1, 2, 0, tzinfo=UTC)


def test_selectors_that_match_nothing_leave_the_general_rules() -> None:
    found = document(page(), title=".none", text=".none", time=".none", drop=".none")
    assert found.title == HEADLINE
    assert found.text == "\n".join(PARAGRAPHS)


@pytest.mark.parametrize(("key", "selector"), [("text", "div["), ("body", "div")])
def test_a_wrong_selector_is_named_with_its_source(key: str, selector: str) -> None:
    source = source_for(URL)
    wrong = Source(**{f: getattr(source, f) for f in Source.__slots__} | {"selectors": {key: selector}})
    with pytest.raises(ConfigError, match=rf"bao\.example.*{key}"):
        check_selectors(wrong)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1258"])
@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", "nonsense"])
def test_the_bytes_tell_the_encoding_when_the_page_lies(codec: str, declared: str) -> None:
    text = page().decode().replace("charset=utf-8", f"charset={declared}")
    if codec == "cp1258":
        text = text.replace(f"charset={declared}", "charset=windows-1258").replace("ạ", "a\u0323")
        text = "".join(c if c.encode("cp1258", "ignore") else _decomposed(c) for c in text)
    assert document(text.encode(codec)).text == "\n".join(PARAGRAPHS)


def _decomposed(letter: str) -> str:
    """Windows-1258 has the vowels of Vietnamese and the five tones apart."""
    full = unicodedata.normalize("NFD", letter)
    tones = "".join(c for c in full if c in "\u0300\u0301\u0303\u0309\u0323")
    return unicodedata.normalize("NFC", "".join(c for c in full if c not in tones)) + tones


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", "windows-1258"])
def test_a_stray_byte_does_not_spoil_a_page(declared: str) -> None:
    html = page().replace(b"charset=utf-8", f"charset={declared}".encode()).replace(b"<h1>", b"<i>\xe1\xff</i><h1>")
    assert document(html).text == "\n".join(PARAGRAPHS)


def test_the_server_names_the_encoding_of_a_page_that_does_not() -> None:
    text = "".join(c if c.encode("cp1258", "ignore") else _decomposed(c) for c in page().decode())
    html = text.replace("<meta charset=utf-8>", "").encode("cp1258")
    assert document(html, content_type="text/html; charset=windows-1258").text == "\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    ("html", "outcome"),
    [
        (b"", Outcome.NO_TEXT),
        (b"  \n ", Outcome.NO_TEXT),
        (b"\0" * 5000, Outcome.NO_TEXT),
        (b"%PDF-1.7 \x00\x01", Outcome.NO_TEXT),
        (bytes(range(256)) * 200, Outcome.NO_TEXT),
        (b"<html><body></body></html>", Outcome.NO_TEXT),
        (page("<p>Nội dung đang được cập nhật, xin quý vị quay lại sau ít phút nữa.</p>"), Outcome.TOO_SHORT),
        (page(head=""), Outcome.NO_DATE),
        (
            page(
                "<p>The ministry said on Monday that the new bridge would open in May, after years of delay.</p>" * 4,
                title="New bridge to open in May",
            ),
            Outcome.NOT_VIETNAMESE,
        ),
        (
            page(
                "<p>市政府星期一表示，经过多年延误，新大桥将于五月通车，居民对此表示欢迎，并希望尽快完工。交通部门称，工程延误的原因是征地困难和资金不足，目前问题已经解决。</p>"
                * 4,
                title="新大桥 将于 五月 通车",
            ),
            Outcome.NOT_VIETNAMESE,
        ),
    ],
    ids=lambda v: v.value if isinstance(v, Outcome) else "",
)
def test_a_page_without_an_article_has_one_outcome(html: bytes, outcome: Outcome) -> None:
    assert read(html) is outcome


@pytest.mark.parametrize(
    "html",
    [
        page("<div>" * 100_000 + STORY),
        page("<div>" * 1500 + STORY * 9_000),
        page(STORY + "<p>rất dài </p>" * 700_000),
        page('<div class="' + "content-" * 400_000 + '">' + STORY),
        page("<a href=x>" * 60_000 + STORY),
        page(STORY, TIME + '<script type="application/ld+json">' + "[" * 400_000 + "</script>"),
        page(STORY, TIME + '<script type="application/ld+json">{"headline":"' + '\\"' * 200_000),
        page("<p>" + "Nguyễn Văn A - " * 200_000 + "</p>"),
        page(STORY + "<!--" + "x" * 3_000_000),
    ],
    ids=["deep", "deep and long", "long", "class", "links", "json", "quotes", "names", "comment"],
)
def test_a_hostile_page_is_read_or_refused_within_seconds(html: bytes) -> None:
    started = time.process_time()
    assert isinstance(read(html), Document | Outcome)
    assert time.process_time() - started < 5


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 100), st.binary(max_size=30), st.sampled_from(PAGES))
def test_a_damaged_page_never_raises(cut: int, noise: bytes, path: Path) -> None:
    html = path.with_suffix(".html").read_bytes()
    place = len(html) * cut // 100
    for damaged in (html[:place], html[:place] + noise + html[place:], html[place:]):
        assert isinstance(read(damaged), Document | Outcome)


def test_what_is_no_address_is_named() -> None:
    with pytest.raises(InputError, match="is no address"):
        source_for("http://[bao")


def test_extracting_twice_gives_the_same() -> None:
    for path in PAGES:
        assert golden(path)[1] == golden(path)[1]
