"""Invented Vietnamese sentences with what is to be redacted in them: templates, values, and ways to write both."""

import tomllib
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

TEMPLATES = tomllib.loads((Path(__file__).parent / "gold" / "redaction_templates.toml").read_text(encoding="utf-8"))
VALUES = TEMPLATES["values"]
SURNAMES = VALUES["surnames"]
MIDDLES = VALUES["middles"]
GIVENS = VALUES["givens"]
STREETS = VALUES["streets"]
NICKS = VALUES["nicks"]
SYLLABLES = VALUES["syllables"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """A text, what is to be found in it (kind, start, end), and how it was made."""

    text: str
    spans: tuple[tuple[str, int, int], ...]
    family: str
    form: str


def digits(rng: Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def mobile(rng: Random) -> str:
    return rng.choice(("032", "037", "052", "058", "070", "079", "081", "086", "090", "091", "096", "098")) + digits(
        rng, 7
    )


def phone(rng: Random) -> str:
    number = mobile(rng)
    a, b, c = number[:4], number[4:7], number[7:]
    return rng.choice(
        (
            number,
            f"{a} {b} {c}",
            f"{a}.{b}.{c}",
            f"{a}-{b}-{c}",
            f"{number[:3]} {number[3:6]} {number[6:]}",
            f"{a} {number[4:6]} {number[6:8]} {number[8:]}",
            f"+84{number[1:]}",
            f"+84 {number[1:4]} {b} {c}",
            f"(84) {number[1:4]} {b} {c}",
            f"84{number[1:]}",
            f"01{rng.choice('2689')}{digits(rng, 1)} {digits(rng, 3)} {digits(rng, 4)}",
        )
    )


def landline(rng: Random) -> str:
    tail = rng.choice("23") + digits(rng, 7)
    return rng.choice(
        (f"024 {tail[:4]} {tail[4:]}", f"(028) {tail[:4]} {tail[4:]}", f"024.{tail}", f"0236 3{tail[2:5]} {tail[5:]}")
    )


def broken(rng: Random) -> str:
    return rng.choice((" ", ".", "😀", "-", "\u200b", "*", "_", " . ", "\ufe0f\u20e3")).join(mobile(rng))


def spelled(rng: Random) -> str:
    number = mobile(rng)
    joint = rng.choice((" ", ", ", "-"))
    return joint.join(c if i and rng.random() < 0.15 else SYLLABLES[int(c)] for i, c in enumerate(number))


def dressed(rng: Random) -> str:
    number = "090" + digits(rng, 3) + "1" + digits(rng, 3)
    return number.translate(str.maketrans({"0": rng.choice("oO"), "1": rng.choice("lI")}))


def email(rng: Random) -> str:
    return rng.choice(NICKS) + "@" + rng.choice(("gmail.com", "yahoo.com.vn", "outlook.com", "congty.vn", "st.edu.vn"))


def spelledmail(rng: Random) -> str:
    nick = rng.choice(NICKS)
    return rng.choice(
        (
            f"{nick} a còng gmail chấm com",
            f"{nick}(at)gmail.com",
            f"{nick} [at] yahoo [dot] com",
            f"{nick} @ gmail . com",
            f"{nick}@gmail",
        )
    )


def citizen(rng: Random) -> str:
    number = rng.choice(("001", "079", "038", "048", "064")) + rng.choice("0123") + digits(rng, 8)
    return rng.choice(
        (
            number,
            number,
            f"{number[:3]} {number[3:6]} {number[6:9]} {number[9:]}",
            f"{number[:4]} {number[4:8]} {number[8:]}",
        )
    )


def card(rng: Random) -> str:
    body = rng.choice(("4", "51", "9704", "3528")) + digits(rng, 15)
    body = body[:15]
    doubled = sum(sum(divmod(2 * int(c), 10)) for c in body[::-2])
    number = body + str(-(doubled + sum(int(c) for c in body[-2::-2])) % 10)
    return rng.choice(
        (
            number,
            " ".join(number[i : i + 4] for i in range(0, 16, 4)),
            "-".join(number[i : i + 4] for i in range(0, 16, 4)),
        )
    )


def account(rng: Random) -> str:
    number = rng.choice(("0071", "1903", "1020", "6200", "2151")) + digits(rng, rng.choice((6, 8, 9, 10)))
    return rng.choice((number, number, f"{number[:4]} {number[4:8]} {number[8:]}"))


def tax(rng: Random) -> str:
    return rng.choice("038") + digits(rng, 9) + rng.choice(("", "", "-001"))


def plate(rng: Random) -> str:
    province, five = rng.choice(("29", "30", "51", "59", "43", "15", "60", "37")), digits(rng, 5)
    dotted = f"{five[:3]}.{five[3:]}"
    return rng.choice(
        (
            f"{province}A-{dotted}",
            f"{province}H {five}",
            f"{province}F-{five}",
            f"{province}C{five}",
            f"{province}LD-{dotted}",
            f"{province}-X{five[0]} {dotted}",
            f"{province}B1-{dotted}",
            f"{province}K1 {five}",
            f"{province}H-{five[:4]}",
        )
    )


def house(rng: Random) -> str:
    n, m, street = rng.randint(1, 400), rng.randint(2, 90), rng.choice(STREETS)
    return rng.choice(
        (
            f"số {n} đường {street}",
            f"số {n} {street}",
            f"số nhà {n} ngõ {m} phố {street}",
            f"{n}/{m}A {street}",
            f"số {n} ngõ {m}",
            f"{n}/{m}/{m} đường {street}",
            f"số {n}/{m} hẻm {m} {street}",
            f"số {n}B ngách {m}/{m} {street}",
        )
    )


def flat(rng: Random) -> str:
    return rng.choice(
        (
            f"căn hộ {rng.randint(101, 2905)} chung cư Bình Minh",
            f"phòng {rng.randint(201, 999)} tòa CT2",
            f"căn 12.0{rng.randint(1, 9)} block B",
        )
    )


def link(rng: Random) -> str:
    nick = rng.choice(NICKS)
    return rng.choice(
        (
            f"https://www.facebook.com/{nick}",
            f"fb.com/{nick}",
            f"https://facebook.com/profile.php?id=1000{digits(rng, 11)}",
            f"tiktok.com/@{nick}",
            f"https://zalo.me/{mobile(rng)}",
            f"https://t.me/{nick}",
            f"https://www.youtube.com/@{nick}",
            f"instagram.com/{nick}/",
            f"https://voz.vn/u/{nick}.{digits(rng, 5)}/",
        )
    )


def full(rng: Random) -> str:
    middles = rng.sample(MIDDLES, rng.choice((1, 1, 1, 2)))
    return " ".join((rng.choice(SURNAMES), *middles, rng.choice(GIVENS)))


def price(rng: Random) -> str:
    return rng.choice(
        (
            f"{rng.randint(1, 9)}.{digits(rng, 3)}.000 đồng",
            f"{rng.randint(20, 900)}k",
            f"{rng.randint(2, 90)} triệu",
            f"{rng.randint(100, 999)}.000.000.000 đồng",
            f"{rng.randint(1, 9)}00000 đồng",
        )
    )


PERSONAL: dict[str, tuple[str, Callable[[Random], str]]] = {
    "phone": ("phone", phone),
    "landline": ("phone", landline),
    "broken": ("phone", broken),
    "spelled": ("phone", spelled),
    "dressed": ("phone", dressed),
    "email": ("email", email),
    "spelledmail": ("email", spelledmail),
    "citizen": ("identity", citizen),
    "nine": ("identity", lambda rng: rng.choice("0123") + digits(rng, 8)),
    "card": ("card", card),
    "account": ("account", account),
    "passport": ("identity", lambda rng: rng.choice("BCKP") + digits(rng, rng.choice((7, 8)))),
    "tax": ("tax", tax),
    "plate": ("plate", plate),
    "house": ("address", house),
    "flat": ("address", flat),
    "link": ("link", link),
    "handle": ("handle", lambda rng: "@" + rng.choice(NICKS)),
    "nick": ("handle", lambda rng: rng.choice(NICKS)),
    "full": ("name", full),
    "given": ("name", lambda rng: rng.choice(GIVENS)),
    "initial": ("name", lambda rng: rng.choice(("T.", "H.", "N.V.L.", "B."))),
    "caps": ("name", lambda rng: full(rng).upper()),
}
OTHER: dict[str, Callable[[Random], str]] = {
    "xprice": price,
    "xdate": lambda rng: f"{rng.randint(1, 28)}{rng.choice('/-.')}{rng.randint(1, 12)}{rng.choice(('', '/2025'))}",
    "xtime": lambda rng: rng.choice(
        (
            f"{rng.randint(0, 23)}h{rng.randint(10, 59)}",
            f"{rng.randint(0, 23):02}:{rng.randint(10, 59)}",
            f"{rng.randint(1, 23)} giờ",
        )
    ),
    "xyear": lambda rng: str(rng.randint(1975, 2026)),
    "xcount": lambda rng: str(rng.randint(2, 60)),
    "xroad": lambda rng: rng.choice(
        ("QL1A", "ĐT743", "cao tốc TP.HCM - Long Thành", "quốc lộ 51", "vành đai 3", "tỉnh lộ 8")
    ),
    "xdecree": lambda rng: rng.choice(
        ("Nghị định 168/2024/NĐ-CP", "Thông tư 79/2024/TT-BCA", "Quyết định 1234/QĐ-UBND", "Luật 91/2025/QH15")
    ),
    "xhotline": lambda rng: rng.choice(("113", "114", "115", "1900 545 413", "18001091", "1900.9095", "1022")),
    "xagency": lambda rng: rng.choice((phone(rng), landline(rng))),
    "xflight": lambda rng: rng.choice(("VN1234", "VJ 456", "QH203", "BL6021")),
    "xstreet": lambda rng: rng.choice(STREETS),
    "xschool": lambda rng: rng.choice(("Lê Quý Đôn", "Chu Văn An", "Trần Đại Nghĩa", "Nguyễn Bỉnh Khiêm")),
    "xarticle": lambda rng: digits(rng, rng.choice((7, 17))),
    "xstat": lambda rng: f"{rng.randint(10, 999)}.{digits(rng, 3)}",
    "xorder": lambda rng: rng.choice(("GHN", "SPX", "")) + str(rng.randint(1, 9)) + digits(rng, 8),
}


def sentences(group: str, *, each: int, seed: int) -> Iterator[Sentence]:
    """Yield `each` fillings of every template of a group, a quarter of them without marks and a tenth decomposed."""
    rng = Random(seed)
    for family, templates in TEMPLATES[group].items():
        for template in templates:
            for _ in range(each):
                yield _sentence(template, family, rng)


def _sentence(template: str, family: str, rng: Random) -> Sentence:
    form = rng.choices(("as written", "without marks", "decomposed", "with emoji"), (55, 25, 10, 10))[0]
    text, spans = "", []
    for part in template.replace("}", "{").split("{"):
        kind, value = _filled(part, rng)
        value = _written(value, form)
        if kind:
            spans.append((kind, len(text), len(text) + len(value)))
        text += value
    return Sentence(text=text + (" 😡😡" if form == "with emoji" else ""), spans=tuple(spans), family=family, form=form)


def _filled(part: str, rng: Random) -> tuple[str, str]:
    if part in PERSONAL:
        kind, value = PERSONAL[part]
        return kind, value(rng)
    return "", OTHER[part](rng) if part in OTHER else part


def _written(value: str, form: str) -> str:
    decomposed = unicodedata.normalize("NFD", value)
    if form == "decomposed":
        return decomposed
    if form == "without marks":
        return "".join(c for c in decomposed if not unicodedata.combining(c)).replace("đ", "d").replace("Đ", "D")
    return value
