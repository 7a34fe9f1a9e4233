"""Where a text leads to a person online: e-mail addresses, links to profiles, handles; links to pages stay."""

import re
from collections.abc import Iterator

from nlp.disguise import View

Found = tuple[str, int, int]

# A colleague's address or a reader's: "a.b@x.vn", "a.b (at) x (dot) vn", "ab a còng gmail chấm com", "ab@gmail".
_LOCAL = r"[a-z0-9][a-z0-9._%+-]*+"
_AT = r"(?:\s?@\s?|\s?[(\[{]\s?(?:at|a cong|a moc|@)\s?[)\]}]\s?|\s(?:a ?cong|a moc|a vong|at)\s)"
_DOT = r"(?:\s?[(\[{]\s?(?:dot|cham|\.)\s?[)\]}]\s?|\s(?:cham|dot)\s|\s?\.\s?)"
_MAILERS = r"(?:gmail|yahoo|hotmail|outlook|icloud|ymail|protonmail|proton|live|zoho|mail)"
_DOMAIN = (
    rf"(?:[a-z0-9-]{{1,63}}{_DOT}){{1,4}}(?:com|vn|net|org|edu|gov|info|biz|io|me|co|asia|xyz|uk|jp|kr|us"
    rf"|eu|de|fr|au)\b"
)
_EMAIL = re.compile(
    rf"(?<![a-z0-9._%+-]){_LOCAL}(?:\s(?:cham|dot|gach duoi)\s{_LOCAL}){{0,2}}"
    rf"(?:{_AT}(?:{_MAILERS}(?:{_DOT}(?:com|vn)){{1,2}}|{_MAILERS})\b(?![a-z])|\s?(?:@|[(\[{{]\s?(?:at|a cong"
    rf"|@)\s?[)\]}}])\s?{_DOMAIN})"
)
_EMAIL_HINT = re.compile(r"@|a ?cong|[(\[{]\s?at|\bat\b|a moc|a vong")

_LINK = re.compile(
    r"(?:https?://|www\.)[^\s\x00<>\"'“”]+|(?<![a-z0-9@.-])(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,8}/[^\s\x00<>\"'“”]*"
)
_END = ".,;:!?)]}…"
_PERSONAL = re.compile(
    r"(?:https?://)?(?:[a-z0-9-]+\.)*?(?:"
    r"(?:facebook\.com|fb\.com|fb\.me|fb\.watch|m\.me|instagram\.com|instagr\.am|twitter\.com|x\.com|t\.me"
    r"|telegram\.me"
    r"|zalo\.me|chat\.zalo\.me|wa\.me|threads\.(?:net|com)|snapchat\.com|linktr\.ee|lotus\.vn|viber\.click"
    r"|line\.me)/[^\s]*\w"
    r"|linkedin\.com/(?:in|pub)/[^\s]+|tiktok\.com/@[^\s]+|youtube\.com/(?:@|c/|channel/|user/)[^\s]+"
    r"|[a-z0-9.-]+/(?:[^\s]*/)??(?:u|user|users|member|members|profile|profiles|nguoi-dung|thanh-vien"
    r"|trang-ca-nhan|@)[/=.][^\s]+"
    r"|[a-z0-9.-]+/@[^\s]+|[a-z0-9.-]+/(?:member|profile|user)\.php[^\s]+)"
)
_IN_LINK = re.compile(r"(?:phone|tel|sdt|mobile|zalo|email)=([^&\s#]+)")
# "fb . com / ten.nguoi", "facebook chấm com gạch chéo ten.nguoi"
_BROKEN_LINK = re.compile(
    r"(?<![a-z0-9])(?:fb|facebook|tiktok|zalo|instagram|t|m)\s?(?:\.|cham|[(\[]dot[)\]])\s?(?:com|me)\s?(?:/"
    r"|xet|xuyet|gach cheo|sec)\s?@?[a-z0-9._]{3,}"
)

_HANDLE = re.compile(r"(?<![\w.@/])@(?=[^\W\d_]|[\d_.]*[^\W\d])[\w](?:[\w.]*\w)?")
# "fb: tennguoi123", "ig tennguoi_"; no Vietnamese syllable has more than seven letters, a digit or a dot.
_ACCOUNT = re.compile(
    r"(?<![a-z0-9])(?:fb|face|facebook|ig|insta|instagram|tiktok|tik tok|tele|telegram|zalo|skype|wechat|line"
    r"|twitter|threads|nick|acc)"
    r"(?:\s(?:cua\s)?(?:minh|em|toi|tui|la|ten|id|name|nick)(?![a-z])){0,3}(?:\s?[:=-]\s?|\s)"
    r"(?P<name>(?=[a-z0-9._]*[a-z])(?=[a-z0-9._]*[a-z0-9]{3})(?:[a-z0-9]+[._][a-z0-9._]*[a-z0-9_]|[a-z]+[0-9][a-z0-9]*"
    r"|(?<=[:=])[a-z]{9,}|(?<=[:=] )[a-z]{9,}))(?![\w/@-]|\.\w)"
)
_ACCOUNT_HINT = re.compile(r"fb|face|ig|insta|tik|tele|zalo|skype|wechat|line|twitter|threads|nick|acc")


def emails(view: View) -> Iterator[Found]:
    """Yield the e-mail addresses, spelled out ones too."""
    if _EMAIL_HINT.search(view.plain):
        yield from (("email", *match.span()) for match in _EMAIL.finditer(view.plain))


def links(view: View) -> Iterator[Found]:
    """Yield links to profiles as `link` and all others as `page`: those stay, and no number is looked for in them."""
    if "." in view.plain and "/" in view.plain:
        for match in _LINK.finditer(view.plain):
            yield from _link(match[0].rstrip(_END), match.start())
    if "/" in view.plain or " com" in view.plain or " me" in view.plain:
        yield from (("link", *match.span()) for match in _BROKEN_LINK.finditer(view.plain))


def _link(address: str, start: int) -> Iterator[Found]:
    if _PERSONAL.match(address):
        yield "link", start, start + len(address)
        return
    yield "page", start, start + len(address)
    for value in _IN_LINK.finditer(address):
        yield "phone" if value[1][:1] in "+0123456789" else "email", start + value.start(1), start + value.end(1)


def handles(view: View) -> Iterator[Found]:
    """Yield @handles and account names that stand after the name of a network."""
    if "@" in view.plain:
        yield from (("handle", *match.span()) for match in _HANDLE.finditer(view.text) if len(match[0]) > 3)
    if _ACCOUNT_HINT.search(view.plain):
        for match in _ACCOUNT.finditer(view.plain):
            if view.text[match.start("name") : match.end("name")].isascii():
                yield "handle", *match.span("name")
