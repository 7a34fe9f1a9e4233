"""What surrounds an article on Vietnamese sites, by the names and the phrases that mark it."""

import re
from functools import lru_cache

# Class and id words, of the templates of VCCorp, VnExpress, VietNamNet, Nhân Dân (ZCE), MasterCMS, Dân trí and others.
_CLUTTER = re.compile(
    r"relat(?:e[ds]?|ion)(?:$|[^a-z])|related|relatenews|lien[-_]?quan|tinlien|cung[-_]?chuyen[-_]?muc|"
    r"tin[-_]?khac|tin[-_]?moi|doc[-_]?them|xem[-_]?them|"
    r"read[-_]?more|see[-_]?more|more[-_]?news|other[-_]?news|recommend|suggest|most[-_]?(?:read|view)|"
    r"trending|popular|hot[-_]?news|news[-_]?list|list[-_]?news|"
    r"listnewsincontent|box[-_]?(?:tin|news|link|brief|category|hot|vote|author|comment|tag|more|dautu)|"
    r"wiki-news|tindnd|"
    r"(?:^|[\s_-])(?:ads?|adv|qc|banner\w*|adzone\w*|admzone\w*|ads\w+|advert\w*|quang[-_]?cao|sponsor\w*|"
    r"promo\w*|taboola\w*|outbrain|"
    r"inpage|mgid\w*|tags?|tag[-_]?\w*|keywords?|tu[-_]?khoa|breadcrumbs?|bread-crumb\w*|share|sharing|"
    r"shares|social\w*|like|facebook|fb-\w+|"
    r"zalo\w*|comments?|cmt\w*|binh[-_]?luan|rating|ratings|stars?|vote|poll\w*|survey|quiz|authors?|"
    r"author-\w+|p?author|byline|tac[-_]?gia|"
    r"psource|ppublishtimesource|credit|copyright|subscribe|newsletter|login|popup|modal|tooltip|toolbar|"
    r"tools?|print|menu|navbar|"
    r"sidebar\w*|widget\w*|footer|pagination|paging|pager|signature|contact\w*|hotline|donate\w*|audio\w*|"
    r"podcast|tts|player\w*|"
    r"video[-_]?\w*|videos?|gg[-_]?news|google[-_]?news|follow\w*|avatar\w*|toc|mucluc|sticky|topbar\S*|"
    r"chisochungkhoan|link[-_]?source\S*|"
    r"nguon|nguon[-_]?tin\w*|ttbv|copy[-_]?link|btn\S*|button\S*|skip\S*|sr-only|visually-hidden|"
    r"reaction\w*|emotion\w*|weather|lottery)(?:$|[\s_-])|"
    r"[a-z](?:comment|sidebar|breadcrumb|footer|banner|tinlienquan|share|social|_tags?|-tags?|-tag|"
    r"author)(?:$|[\s_-])"
)
_CAPTION = re.compile(
    r"caption|cation(?:$|[\s_-])|photocms|fig[-_]?picture|insertimage|img-content|(?:^|[\s_-])(?:photo|"
    r"pic|picture|image)s?(?:$|[\s_-])"
)
_LEAD = re.compile(
    r"sapo|(?:^|[\s_-])(?:lead|chapp?eau|summary|sum|des|desc|description|abstract|intro|excerpt|"
    r"standfirst|mota|mo-ta|tomtat|tom-tat|p-?head|"
    r"trichdan|trich-dan|short[-_]?intro|teaser)(?:$|[\s_-])|__(?:lead|desc|summary)(?:$|\s)"
)
_BODY = re.compile(
    r"(?:^|\s)(?:[a-z]{1,3}[-_]+)?(?:(?:article|detail|post|entry|news|singular|cms|content|main|story|"
    r"body|art|knc|the|maga|magazine|"
    r"emagazine|page|box|text|inner|zce|pswp|vceditor|longform|single|blog|editt?or)[-_]*)+(?:content|"
    r"contents|cont|body|details?|text)(?:$|\s)|"
    r"articlebody|fck_?detail|noi[-_]?dung(?:$|\s)|(?:bai[-_]?viet|chi[-_]?tiet)(?:$|\s)|__mb_content|"
    r"afcbc-body|vnbcbc-body|vst_detail"
)
_HUMP = re.compile("(?<=[a-z])(?=[A-Z])")
_CARD = re.compile(r"card|(?:^|[\s_-])item(?:$|[\s_-])|story(?:$|[\s_-])")

_HEADING = re.compile(
    r"^\W*(?:(?:các\s+)?(?:tin|bài)(?:\s+(?:tức|viết|báo))?\s+(?:liên\s+quan|cùng\s+(?:chuyên\s+mục|"
    r"chủ\s+đề)|khác|mới\s+(?:nhất|hơn)|"
    r"cũ\s+hơn|đọc\s+nhiều|nổi\s+bật|nên\s+đọc)|đọc\s+(?:thêm|tiếp|nhiều)|xem\s+thêm|tham\s+khảo\s+thêm|"
    r"có\s+thể\s+(?:bạn\s+)?quan\s+tâm|"
    r"bạn\s+có\s+thể\s+quan\s+tâm|có\s+thể\s+bạn\s+(?:quan\s+tâm|chưa\s+biết)|"
    r"mời\s+(?:quý\s+)?(?:bạn\s+đọc|độc\s+giả|vị|bạn)?\s*(?:xem|đọc)\s+thêm|"
    r"cùng\s+chuyên\s+mục|liên\s+quan|tin\s+mới|tin\s+nổi\s+bật|video\s+(?:liên\s+quan|nổi\s+bật|"
    r"đang\s+hot)|xem\s+nhiều|đáng\s+(?:chú\s+ý|đọc)|"
    r"chủ\s+đề\s*:|từ\s+khóa|từ\s+khoá|tags?\s*:|bình\s+luận|ý\s+kiến\s+(?:bạn\s+đọc|của\s+bạn)|chia\s+sẻ|"
    r"quảng\s+cáo|advertisement)"
    r"(?:\s+(?:về|cùng)\s*)?\s*(?:\(\d+\)|\W*)\s*$",
    re.IGNORECASE,
)
_PROMPT = re.compile(
    r"^\W*(?:xem\s+thêm|đọc\s+thêm|đọc\s+tiếp|tham\s+khảo\s+thêm|tin\s+liên\s+quan|bài\s+liên\s+quan|"
    r"có\s+thể\s+bạn\s+quan\s+tâm)\s*[:>»]|"
    r"^\s*(?:>>+|»|\.\.>>|=>|►|▶|☞|👉)|"
    r"^\W*(?:kính\s+)?mời\s+(?:quý\s+)?(?:bạn\s+đọc|độc\s+giả|quý\s+vị|các\s+bạn|bạn)\s+(?:xem|đọc|"
    r"theo\s+dõi|đón\s+(?:xem|đọc)|tham\s+gia|gửi|chia\s+sẻ|bình\s+luận|nghe|bấm|click)|"
    r"^\W*(?:quý\s+)?(?:độc\s+giả|bạn\s+đọc)\s+(?:có\s+thể|vui\s+lòng|quan\s+tâm|muốn|hãy|ủng\s+hộ|"
    r"theo\s+dõi|(?:gửi|đặt)\s+(?:bài|câu\s+hỏi|ý\s+kiến|bình\s+luận|tâm\s+sự|về))|"
    r"^\W*(?:mọi|tất\s+cả)\s+(?:ý\s+kiến|thông\s+tin|đóng\s+góp|thắc\s+mắc|sự\s+(?:giúp\s+đỡ|"
    r"ủng\s+hộ))\b.{0,120}?\b(?:gửi|liên\s+hệ|địa\s+chỉ|e-?mail|hotline)|"
    r"^\W*(?:hãy\s+)?theo\s+dõi\b.{0,80}?\b(?:google\s+news|facebook|zalo|youtube|tiktok|fanpage|telegram|"
    r"kênh\s+(?:youtube|zalo|tiktok|whatsapp))|"
    r"^\W*(?:bấm|nhấn|click|nhấp)\s+(?:vào\s+)?(?:đây|để|follow|theo\s+dõi|nút|xem)|"
    r"^\W*(?:bạn|quý\s+vị)\s+(?:có|đang\s+có)\s+(?:câu\s+hỏi|thắc\s+mắc|ý\s+kiến|bài\s+viết|"
    r"tin\s+tức)\b.{0,120}?\b(?:gửi|liên\s+hệ|đây)|"
    r"^\W*(?:vui\s+lòng|xin)\s+(?:ghi\s+rõ|gửi|liên\s+hệ|đăng\s+nhập|nhập)|"
    r"^\W*(?:bản\s+quyền\s+(?:thuộc|của|©|\d)|©|copyright|\(c\)|"
    r"(?:số\s+)?giấy\s+phép(?:\s+hoạt\s+động)?\s*(?:số|thiết\s+lập|báo|xuất\s+bản|:)|ghi\s+rõ\s+nguồn|"
    r"cấm\s+sao\s+chép|tổng\s+biên\s+tập\s*:|cơ\s+quan\s+(?:chủ\s+quản|ngôn\s+luận)|"
    r"chịu\s+trách\s+nhiệm\s+(?:nội\s+dung|xuất\s+bản|chính)|"
    r"chỉ\s+được\s+phát\s+hành\s+lại|all\s+rights)|"
    r"^\W*(?:đường\s+dây\s+nóng|hotline|liên\s+hệ\s+quảng\s+cáo|email|e-mail|đt|điện\s+thoại)\s*:|"
    r"^\W*(?:link\s+bài\s+gốc|lấy\s+link|sao\s+chép\s+liên\s+kết|copy\s+link|theo\s+dõi\s+báo|"
    r"gửi\s+bình\s+luận|đăng\s+ký\s+(?:nhận|kênh|theo)|"
    r"tải\s+(?:ứng\s+dụng|app)|nghe\s+(?:đọc\s+)?bài|nghe\s+podcast|(?:xem|mời\s+xem)\s+(?:clip|video|"
    r"ảnh)\b.{0,40}$|chia\s+sẻ\s+(?:bài|lên|qua|facebook)|lưu\s+bài|in\s+bài|(?:trở|quay)\s+lại\b.{0,25}$|"
    r"về\s+trang\s+chủ|"
    r"your\s+browser|trình\s+duyệt\s+(?:của\s+bạn\s+)?không|nội\s+dung\s+được\s+tài\s+trợ|thích\s+bài|"
    r"trở\s+thành\s+người\s+đầu\s+tiên|hoan\s+nghênh\s+bạn\s+đọc|hủy$)|"
    r"\bgoogle\s+news\b.{0,30}$|#(?:\w+\s*#?)+$",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"^\W*(?:bài\s*(?:,|và|-|\+)\s*ảnh|ảnh(?:\s+(?:minh\s+họa|minh\s+hoạ|tư\s+liệu|trong\s+bài))?|video|"
    r"clip|đồ\s+họa|đồ\s+hoạ|nguồn(?:\s+(?:ảnh|tin|video))?|"
    r"nội\s+dung|thiết\s+kế|trình\s+bày|thực\s+hiện|tác\s+giả|biên\s+tập|tin\s*,\s*ảnh|tin|theo|"
    r"kỹ\s+thuật|infographic|phóng\s+viên)\s*:.{0,110}$|"
    r"^\W*ảnh\s+(?:minh\s+họa|minh\s+hoạ|internet|tư\s+liệu)\W*$",
    re.IGNORECASE,
)
_PHOTO_CREDIT = re.compile(
    r"[.,\s(\[|/–-]\(?(?:ảnh|đồ\s+họa|video|photo|clip|nguồn)(?:\s+(?:minh\s+họa|minh\s+hoạ|"
    r"cắt\s+từ\s+clip|chụp\s+màn\s+hình|tư\s+liệu))?\s*:\s*[^.!?]{1,60}[.)\]]*\s*$|"
    r"[.(\s]ảnh\s+(?:minh\s+họa|minh\s+hoạ|tư\s+liệu|cắt\s+từ\s+(?:clip|video))\)?\.?\s*$",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"^\W*(?:e-?mail\s*:?\s*)?[\w.+-]+@[\w-]+\.[\w.-]+\W*$", re.IGNORECASE)
_SMALL_WORDS = (
    r"theo|và|tổng|hợp|ghi|dịch|lược|thực|hiện|ảnh|bài|tin|nguồn|biên|tập|nhóm|pv|ctv|của|từ|báo|cùng|[-–—/&+,|]"
)
_NAME_WORD = r"[\(\[\"“]?[A-ZÀ-ÝĂĐĨŨƠƯẠ-Ỹ][\w.'’]*[\)\],.\"”]*"
_BYLINE = re.compile(rf"^\W*(?:(?:{_NAME_WORD}|\(?(?:{_SMALL_WORDS})\)?[,:]?)(?:\s*[-–—/|+&]\s*|\s+|$)){{1,11}}\W*$")
_BRACKETED = re.compile(r"^\s*\([^()]{2,25}\)\s*[-–—.:]+\s*")
_OPENING = re.compile(r"^\s*[\(\[]?\s*([\w.ĐÂ][\w. &-]{1,22}?)\s*(?:[\)\]]\s*[-–—.:]*|\s[-–—])\s*(?=\S)")
_OUTLETS = re.compile(
    r"^(?!TP\.?HCM|HCM)(?:[A-ZĐÂÔƯƠ&.]{2,12}|"
    r"(?i:[\w. -]*(?:\.vn|\.com|\.net|news|online|dân trí|báo|tạp chí|vtv|vov|ttxvn|chinhphu)[\w. -]*))$"
)
_COMMENTS = re.compile(
    r"^\W*(?:(?:\d+\s+)?bình\s+luận|ý\s+kiến\s+(?:bạn\s+đọc|độc\s+giả|của\s+bạn))\W*(?:\d+\W*)?$", re.IGNORECASE
)
_SERIES = re.compile(
    r"^\W*(?:(?:kỳ|bài|phần)\s+(?:\d+|tới|sau|cuối|tiếp)\s*[:.\-–]|đón\s+đọc|còn\s+(?:nữa|tiếp)|"
    r"kỳ\s+(?:tới|sau)|hết\W*$)(?!.*[.!?]$)",
    re.IGNORECASE,
)


@lru_cache(8192)
def kind_of(names: str) -> str:
    """Return what class and id words say an element is: "lead", "caption", "clutter", "body" or "" (nothing known)."""
    names = _HUMP.sub("-", names[:300]).lower()
    if _BODY.search(names) and not _CARD.search(names):
        # "article__body has-ads": the body's own name outweighs what is said of its looks.
        return "body"
    for kind, pattern in (("caption", _CAPTION), ("clutter", _CLUTTER), ("lead", _LEAD)):
        if pattern.search(names):
            return kind
    return ""


def is_heading(text: str) -> bool:
    """Return whether a line opens a box of other articles, tags or comments."""
    return len(text) < 80 and bool(_HEADING.match(text))


def opens_comments(text: str) -> bool:
    """Return whether a line opens what readers wrote below an article."""
    return len(text) < 60 and bool(_COMMENTS.match(text))


def is_prompt(text: str) -> bool:
    """Return whether a line speaks to the reader of the site and not of the matter."""
    return len(text) < 600 and bool(_PROMPT.search(text) or _EMAIL.match(text))


def is_credit(text: str) -> bool:
    """Return whether a line only says who wrote, filmed or drew."""
    return len(text) < 160 and bool(_CREDIT.match(text))


def is_caption(text: str) -> bool:
    """Return whether a line ends as photo captions do, with the photographer."""
    return len(text) < 600 and bool(_PHOTO_CREDIT.search(text))


def is_byline(text: str) -> bool:
    """Return whether a short line is made of names and the few words that go with them: "Theo TTXVN", "An Bình"."""
    return len(text) < 80 and bool(_BYLINE.match(text))


def is_series(text: str) -> bool:
    """Return whether a line names another part of a series: "Bài 2: ...", "Còn nữa", "Đón đọc kỳ sau"."""
    return len(text) < 160 and bool(_SERIES.match(text))


def without_outlet(text: str) -> str:
    """Return a lead without the outlet's name that opens it: "(Dân trí) - ", "TTO - "."""
    text = _BRACKETED.sub("", text)
    match = _OPENING.match(text)
    return text[match.end() :] if match and _OUTLETS.match(match.group(1).strip()) else text
