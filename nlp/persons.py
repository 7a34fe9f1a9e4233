"""Names of private persons in posts and comments: by honorific, by surname, by the words that introduce a name.

Holders of office named with their office, figures of history, and places and schools named after people stay.
"""

import re
from collections.abc import Iterator

from nlp.disguise import FOLDED, View

Found = tuple[str, int, int]

_UPPER = "A-ZÀ-ÖØ-ÞĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸÝ"
_SYLLABLE = rf"(?:[{_UPPER}][^\W\d_]{{0,7}}(?![\w]))"
_INITIALS = rf"(?:[{_UPPER}]\.(?:\s?[{_UPPER}](?:\.|(?![\w])))*|[{_UPPER}](?![\w]))"
_PART = rf"(?:{_INITIALS}|{_SYLLABLE})"

# Surnames of nearly all Vietnamese, and those of the Khmer, Hoa, Tày, Thái, Mường and the highlands that are written as one.
_SURNAMES = frozenset(
    "nguyễn trần lê phạm huỳnh hoàng phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh trịnh trương đoàn vương lương lưu mai đào lâm cao phùng hà"
    " tạ chu tô thái triệu quách kiều kim la thạch diệp tăng nghiêm quang bạch khuất giáp hứa ông tống từ châu danh mạc đàm lò vi nguyển"
    " nông mã hoa cù lại tôn tràng văn viên thi lữ khương y h a điêu đồng bế lành sơn phó trà viễn thân ninh ma hầu giàng vàng sùng thào lù".split()
)
_SURNAMES_PLAIN = frozenset(name.translate(FOLDED) for name in _SURNAMES)
# Surnames that are everyday words too ("mai", "cao", "hồ"): alone with one more word they prove nothing.
_WEAK = frozenset(
    "mai cao ho ha kim la chau lam thai to tu van vi ma hoa cu lai ton trang thi nhan y a dieu dong be danh ong quang la vien lanh doan luu lu tang dam lo mac bach"
    " trieu luong dao ta chu vuong tong duong do".split()
)
_MIDDLE = frozenset(
    "van thi huu duc dinh xuan ngoc thanh quoc hoang minh kim thu bao gia hong tuan cong manh ba quang hai trong nhu phuong my thuy tien anh hoai khanh"
    " nhat dang viet trung tan the phi chi cam bich thuc tuong tram dieu ngan lan mai kieu le yen thao".split()
)

_KIN = (
    r"anh|chị|chi|ông|ong|bà|cô|chú|chu|bác|dì|di|cậu|cau|mợ|thím|dượng|em|cháu|chau|bé|thầy|thay|cụ|bạn|ban|mẹ|bố|cha|chồng|vợ|con gái|con trai|em gái"
    r"|em trai|bạn gái|bạn trai|cô giáo|thầy giáo|bác sĩ|bác sỹ|bac si|bs|luật sư|ls|y tá|dược sĩ|tài xế|hàng xóm|chủ nhà|chủ trọ|shipper|bảo vệ|kế toán|sếp|nhỏ|thằng"
)
_TITLED = re.compile(rf"(?<![\w])(?P<title>(?i:{_KIN}))\s(?P<name>{_PART}(?:\s{_PART}){{0,3}})")
_RUN = re.compile(rf"(?<![\w]){_SYLLABLE}(?: {_PART})++")
_TOKEN = re.compile(r"\S+")
_TOLD = re.compile(
    rf"(?<![\w])(?i:tên(?: thật| đầy đủ)?(?: của)?(?: em| mình| tôi| con| cháu| bé| anh| chị)?(?: là)?|tên là|ten la|tôi là|mình là|em là|con là|cháu là|ký tên|người gửi|kính đơn|chủ tk|ctk|chủ tài khoản|tên tk|họ tên|họ và tên|ho ten)\s?:?\s"
    rf"(?P<name>{_PART}(?:\s{_PART}){{0,3}})"
)
_SMALL = re.compile(
    r"(?<![a-z0-9])(?:nguyen|tran|le|pham|huynh|hoang|phan|vu|vo|dang|bui|do|ho|ngo|duong|ly|dinh|trinh|truong|doan|luong|mai|dao|lam|cao)"
    r" (?:van|thi|v\.|t\.) (?:(?:thanh|ngoc|minh|thu|kim|hong|bich|my|thuy|phuong|tuyet|xuan|dieu|cam|anh|lan|kieu|bao|quoc|duc|quang|hoang) )?[a-z]{1,6}(?![a-z0-9])"
)

# After these words a name is of a street, a ward, a school and the like; without marks only where the word is not another too.
_PLACE_WORDS = (
    "đường|phố|phường|xã|quận|huyện|tỉnh|thành phố|tp|thị trấn|thị xã|ngõ|ngách|hẻm|kiệt|cầu|cầu vượt|chợ|trường|thpt|thcs|tiểu học|đại học|đh|mầm non|mẫu giáo|học viện"
    "|cao đẳng|bệnh viện|bv|công viên|quảng trường|sông|hồ|hầm|hầm chui|nút giao|ngã tư|ngã ba|ngã năm|ngã sáu|vòng xoay|bùng binh|đại lộ|bến xe|bến|ga|khu|ký túc xá"
    "|ktx|tượng đài|tượng|đền|đền thờ|chùa|nhà thờ|lăng|di tích|bảo tàng|rạp|nhà hát|sân|sân vận động|svđ|giải|giải thưởng|lớp|quỹ|tập đoàn|công ty|cty|thương hiệu"
    "|siêu thị|điện máy|xóm|thôn|ấp|tổ dân phố|đảo|núi|đèo|đồi|tòa nhà|toà nhà|chung cư|vua|chúa|danh tướng|anh hùng|nhà thơ|nhà văn|thư viện|tuyến|giao lộ|dốc|kênh|rạch"
    "|khách sạn|nhà hàng|hiệu sách|ngân hàng|trạm|trạm bot|cao tốc|triều đại|phòng khám|biển|vịnh|khu đô thị|kđt|kcn|khu công nghiệp|đường số|thời|đ|p|q|tt|tx"
)
_AMBIGUOUS = frozenset("cho ho den chua doi san thoi bien tuyen vua lop giai ban quy khu ap".split())
_PLACE_END = r")\.?(?:\s(?:mang tên|tên|quốc tế|chuyên|năng khiếu|đa khoa|dân lập|tư thục|cũ|mới|mang ten|ten|quoc te|chuyen|da khoa))?\s?$"
_PLACE = re.compile(rf"(?<![\w])(?:{_PLACE_WORDS}{_PLACE_END}")
_PLACE_PLAIN = re.compile(
    "(?<![a-z0-9])(?:"
    + "|".join(sorted({w.translate(FOLDED) for w in _PLACE_WORDS.split("|")} - _AMBIGUOUS))
    + _PLACE_END
)
_PLACE_LIST = re.compile(r"^(?:\s?[,/–-]\s?|\s(?:và|va|giao|giao với|với|đến|tới|qua|-|–)\s)$")
_OFFICE = re.compile(
    r"(?<![a-z])(?:chu tich|pho chu tich|pct|thu tuong|pho thu tuong|bo truong|thu truong|bi thu|pho bi thu|tong bi thu|tbt|dai bieu|giam doc so|giam doc cong an|pho giam doc so|cuc truong|pho cuc truong|tong thong"
    r"|dai tuong|thuong tuong|trung tuong|thieu tuong|dai ta|thuong ta|vu truong|chanh van phong|phat ngon vien|nguoi phat ngon|hlv|huan luyen vien|cau thu|tien dao|tien ve|hau ve|thu mon|vdv|ca si|dien vien"
    r"|nghe si|hoa hau|a hau|dao dien|nsnd|nsut|rapper|nhac si|mc|danh hai|cuu chu tich|quoc vuong|giao hoang|chu tich nuoc|tong giam doc|vien truong|chanh an|vien si|dai su|thong doc|tong thanh tra|truong ban|danh thu|tay vot"
    r"|ky thu|vua|nhac sy|nha tho|nha van|danh tuong|anh hung|liet si|tuong)(?![a-z])(?:\s(?!va |cua |voi |cho |noi |bi |da )[^\s,.;:!?()\x00]{1,12}){0,9}\s(?:(?:ong|ba)\s)?$"
)
_OFFICE_AFTER = re.compile(
    r"\s?[,(–-]\s?(?:nguyen |cuu |pho )?(?:chu tich|thu tuong|bo truong|thu truong|bi thu|tong bi thu|giam doc so|giam doc cong an|cuc truong|tong thong|dai bieu quoc hoi|dbqh|vu truong|chanh van phong)(?![a-z])"
)
_STAY = frozenset(
    line.strip()
    for line in """
    ho chi minh|vo nguyen giap|tran hung dao|le loi|nguyen trai|nguyen hue|quang trung|le duan|le thanh ton|le thanh tong|ly thuong kiet|ly thai to|ly thai tong|ly nam de|tran phu
    |tran quang khai|tran nhat duat|tran quoc toan|tran quoc tuan|tran nhan tong|tran thai tong|tran binh trong|tran cao van|tran dai nghia|tran duy hung|tran khat chan|tran quy cap|le hong phong
    |le quy don|le lai|le van sy|le van luong|le van viet|le van khuong|le trong tan|le duc tho|le dai hanh|le hoan|le ngoc han|le thanh nghi|le quang dao|le thi rieng|nguyen du|nguyen dinh chieu|nguyen thi minh khai
    |nguyen van cu|nguyen van linh|nguyen van troi|nguyen van troi|nguyen tri phuong|nguyen cong tru|nguyen thai hoc|nguyen thai binh|nguyen trung truc|nguyen binh khiem|nguyen chi thanh|nguyen khuyen
    |nguyen kiem|nguyen oanh|nguyen xi|nguyen xien|nguyen luong bang|nguyen huu canh|nguyen huu tho|nguyen huu tien|nguyen khanh toan|nguyen khac hieu|nguyen phong sac|nguyen van huyen|nguyen tat thanh|nguyen ai quoc
    |nguyen canh chan|nguyen thien thuat|nguyen anh thu|nguyen duy trinh|nguyen thi dinh|nguyen thi thap|nguyen van luong|nguyen van qua|nguyen kim|nguyen gia thieu|nguyen truong to|nguyen sieu|nguyen son
    |phan dinh phung|phan boi chau|phan chu trinh|phan chau trinh|phan dang luu|phan van tri|phan thiet|phan rang|phan xich long|phan huy ich|phan anh|phan ke binh|hoang dieu|hoang hoa tham|hoang van thu|hoang quoc viet|hoang sa
    |hoang minh giam|hoang cau|hoang mai|hoang anh gia lai|hoang thanh|pham ngu lao|pham hung|pham van dong|pham ngoc thach|pham van hai|pham the hien|pham van bach|pham ngoc thao|vo thi sau|vo van kiet|vo van tan|vo van ngan|vo chi cong
    |vo thanh trang|huynh thuc khang|huynh tan phat|huynh van banh|dinh tien hoang|dinh bo linh|dinh cong trang|ngo quyen|ngo gia tu|ngo thi nham|ngo sy lien|ngo tat to|ba trieu|hai ba trung|ba huyen thanh quan|bui thi xuan
    |bui vien|bui huu nghia|dang thai mai|dang tien dong|dang van ngu|dang dung|dang thuy tram|do muoi|do xuan hop|do quang|duong dinh nghe|duong quang ham|duong ba trac|truong chinh|truong dinh|truong sa|truong son|truong cong dinh
    |to hieu|to hien thanh|to huu|ton duc thang|ton that tung|ton that thuyet|ton that dam|to lich|thai ha|thai thinh|thai phien|thai nguyen|thai binh|thai lan|chu van an|chu manh trinh|cao thang|cao ba quat|cao bang|cao lanh|cao dat|cao lo
    |mac dinh chi|mac thi buoi|mac cuu|mac tu|ho tung mau|ho xuan huong|ho tay|ho guom|ho hoan kiem|ho ba mau|ho tram|ho dac di|ho van hue|ho con rua|ho nui coc|luong the vinh|luong ngoc quyen|luong son|luong dinh cua|luong van can
    |ly tu trong|ly chinh thang|ly son|ly nhan|khuat duy tien|khuat duy tien|kim ma|kim nguu|kim giang|kim dong|kim lien|kim boi|kim son|la thanh|la khe|la gi|lam dong|lam ha|lam thao|lam van ben|lam son|luu huu phuoc|luu nhan chu
    |mai chau|mai son|mai dich|mai chi tho|mai thuc loan|ha noi|ha giang|ha tinh|ha dong|ha long|ha nam|ha tien|ha huy tap|ha thanh|ha trung|ha lan|chau doc|chau thanh|chau phu|chau duc|chau au|chau a|chau phi|chau my|van mieu|van cao|van giang
    |van lang|van phu|vu trong phung|vu pham ham|vu quang|vu tong phan|vu thu|vu ban|vu lan|dao tan|dao duy anh|dao duy tu|dao cam moc|doan thi diem|doan tran nghiep|ta quang buu|ta hien|trieu viet vuong|trinh hoai duc|trinh dinh trong|quang ngai
    |quang nam|quang ninh|quang tri|quang binh|dong nai|dong thap|dong hoi|dong anh|dong ha|dong da|dong xoai|dong thanh|dong nam a|dong phu|ba ria|ba na|ba den|ba diem|ba chieu|ong ich khiem|ong lanh|co to|co giang|co bac|ba dinh|ba vi|ba be|cu chi|cu lao
    |ho chi minh city|le minh xuan|truong tho|truong thanh|tan binh|vi thanh|vi tinh|vi xuyen|ma may|lai chau|lai vung|lai xa|a luoi|y yen|y te|to quoc|dinh quan|dinh cong|dang xa|do luong|do son|duong kinh|duong dong|duong minh chau|van don
    |bui dinh tuy|bach dang|bach mai|bach khoa|bach thong|bach long vi|trang bang|trang an|trang bom|trang tien|tu liem|tu son|tu dam|tu du|diep son|ngo may|ngo duc ke|phung hung|phung khac khoan|phung hiep|tang bat ho|tang nhon phu|nghiem xuan yem
    |pham van chieu|pho duc chinh|phan van han|phan xich long|huyen tran cong chua|hung vuong|thach ban|thach that|thach thanh|thach ha|dam sen|dam doi|ta quang buu|chu lai|le van hien|nguyen phuc nguyen|nguyen huu dat
    """.replace("\n", "").split("|")
)
_NOT_NAME = frozenset(
    "cong canh bo giam chu bi truong pho tong thu grab tay tau hai ba tu sau bay tam chin muoi ut ca cuc so uy hoi doan doi ban benh hoc sinh giao vien nhan khach hang dan nguoi tp ha sai viet nam trung my nhat han phap duc nga"
    " quoc the co con em anh chi ong va la thi khi neu nhung ma cho xe nha dat tien gia mua luat su nghi dinh thong shipper admin ad youtube tiktok facebook zalo google covid ai mc ceo csgt ubnd"
    " thanh van phu thuong dai troi dia tao phat but chua tet noel mai hom sang chieu toi nay do day kia sao gi nao ko khong da dang se roi duoc bi".split()
)
_NAMES_TOO = frozenset(
    "ha nam thanh mai thu van phu dai the do sao tam bay sau tu ba hai chin ut duc nga my nhat trung viet dan sang ban con doan".split()
)
_ABROAD = re.compile(
    r"(?<![a-z])(?:nuoc|tieng|nguoi|doi|tuyen|mon|ngoai hang|hang nhat|bong da|vuong quoc|san|cuu|o|tai|mua|bang|con|sinh|ngu)\s$"
)
_PLURAL = re.compile(r"(?<![a-z])(?:anh|chi|cac|may|nhung|lu|dam|bon|lop|moi|toan|nhieu)\s$")
_VIETNAMESE = re.compile(
    r"(?:b|ch?|d|gh?|gi|h|kh?|l|m|n|nh|ngh?|ph?|qu|r|s|th?|tr|v|x)?[aeiouy]{1,3}(?:ch?|m|n|ng|nh|p|t)?|[a-z]\.?(?:[a-z]\.?)*",
    re.ASCII,
)
_SENTENCE_START = re.compile(r"(?:^|[.!?…\n\x00\"“”:;-]\s*)$")


def persons(view: View) -> Iterator[Found]:
    """Yield the names of private persons."""
    found: list[tuple[int, int]] = []
    stay: list[tuple[int, int]] = []
    for run in _RUN.finditer(view.text):
        _read_run(view, run, found, stay)
    taken = {start for start, _ in found + stay}
    for match in (*_TITLED.finditer(view.text), *_TOLD.finditer(view.text)):
        if match.start("name") not in taken and (end := _called(view, match)):
            found.append((match.start("name"), end))
    found += [match.span() for match in _SMALL.finditer(view.plain)]
    yield from (("name", start, end) for start, end in found)


def _read_run(view: View, run: re.Match[str], found: list[tuple[int, int]], stay: list[tuple[int, int]]) -> None:
    """Sort the full names in one run of capitalised words into those found and those that stay."""
    tokens = [(run.start() + token.start(), run.start() + token.end()) for token in _TOKEN.finditer(run[0])]
    words = [view.plain[start:end] for start, end in tokens]
    shown = [view.text[start:end] for start, end in tokens]
    shouted = len(tokens) > 4 and run[0].isupper()
    place = 0
    while place < len(tokens) - 1:
        length = _kept(words, place)
        if length:
            stay.append((tokens[place][0], tokens[place + length - 1][1]))
        elif _is_surname(shown[place]) and (length := _full_name(words, place, shouted)):
            span = tokens[place][0], tokens[place + length - 1][1]
            (stay if _is_public(view, *span, stay) else found).append(span)
        place += length or 1


def _kept(words: list[str], place: int) -> int:
    return next((n for n in (4, 3, 2) if " ".join(words[place : place + n]) in _STAY and place + n <= len(words)), 0)


def _full_name(words: list[str], place: int, shouted: bool) -> int:
    """Return how many words from here are a full name, or 0."""
    surname, second = words[place], words[place + 1]
    if not _is_given(second):
        return 0
    length = 2
    while length < 4 and place + length < len(words) and _is_given(words[place + length]):
        length += 1
    if surname in _WEAK or shouted:
        return length if length > 2 and second in _MIDDLE else 0
    return length


def _is_surname(shown: str) -> bool:
    return shown in _SURNAMES_PLAIN if (shown := shown.lower()).isascii() else shown in _SURNAMES


def _is_given(word: str) -> bool:
    return bool(_VIETNAMESE.fullmatch(word)) and (word not in _NOT_NAME or word in _NAMES_TOO)


def _is_public(view: View, start: int, end: int, stay: list[tuple[int, int]]) -> bool:
    if stay and _PLACE_LIST.match(view.text[stay[-1][1] : start] if start - stay[-1][1] < 12 else "no list"):
        return True
    return _is_place(view, start) or _is_office(view.plain, start, end)


def _is_place(view: View, start: int) -> bool:
    before = view.text[max(0, start - 30) : start].lower()
    return bool((_PLACE_PLAIN if before.isascii() else _PLACE).search(before))


def _is_office(plain: str, start: int, end: int) -> bool:
    return bool(_OFFICE.search(plain, max(0, start - 110), start) or _OFFICE_AFTER.match(plain, end))


def _called(view: View, match: re.Match[str]) -> int:
    """Return where the name after an honorific or an introduction ends, or 0 when it is no name."""
    start = match.start("name")
    tokens = [(start + token.start(), start + token.end()) for token in _TOKEN.finditer(match["name"])]
    words = [view.plain[first:last] for first, last in tokens]
    title = match.groupdict().get("title", "").lower().translate(FOLDED)
    if title and _is_no_title(view, match, title, words):
        return 0
    if not _is_given(words[0]) or (_kept(words, 0) and not title):
        return 0
    if _is_office(view.plain, match.start() if title else start, match.end("name")):
        return 0
    limit = 4 if _is_surname(match["name"].split()[0]) and len(words) > 2 else 2
    length = next((n for n in range(1, len(words)) if not _is_given(words[n]) or n >= limit), len(words))
    return tokens[length - 1][1]


def _is_no_title(view: View, match: re.Match[str], title: str, words: list[str]) -> bool:
    shown, before = match["title"], view.plain[max(0, match.start() - 14) : match.start()]
    if any(" ".join((title, *words[:n])) in _STAY for n in (1, 2, 3)) or words[:2] == ["viet", "nam"]:
        return True
    if shown == "Anh" and _ABROAD.search(before):
        return True
    if (
        shown[0].isupper()
        and not _SENTENCE_START.search(view.text[max(0, match.start() - 4) : match.start()])
        and _is_place(view, match.start())
    ):
        return True
    return title in ("anh", "chi", "em", "ban", "ba", "chu", "di") and bool(_PLURAL.search(before))
