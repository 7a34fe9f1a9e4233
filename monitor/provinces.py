"""The 34 provinces and centrally run cities of 1 July 2025, and the 63 units that became them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from monitor.text import fold


@dataclass(frozen=True, kw_only=True, slots=True)
class Province:
    """One of the 34 units: code of Decision 19/2025/QĐ-TTg, Vietnamese name, region, former units merged into it."""

    code: str
    name: str
    region: str
    former: tuple[str, ...] = ()


# Regions are the six of Resolution 306/NQ-CP of 2025.
_NORTH = "Trung du và miền núi phía Bắc"
_RED_RIVER = "Đồng bằng sông Hồng"
_NORTH_CENTRAL = "Bắc Trung Bộ"
_SOUTH_CENTRAL = "Duyên hải Nam Trung Bộ và Tây Nguyên"
_SOUTH_EAST = "Đông Nam Bộ"
_MEKONG = "Đồng bằng sông Cửu Long"

_TABLE = (
    ("01", "Hà Nội", _RED_RIVER, ()),
    ("04", "Cao Bằng", _NORTH, ()),
    ("08", "Tuyên Quang", _NORTH, ("Hà Giang",)),
    ("11", "Điện Biên", _NORTH, ()),
    ("12", "Lai Châu", _NORTH, ()),
    ("14", "Sơn La", _NORTH, ()),
    ("15", "Lào Cai", _NORTH, ("Yên Bái",)),
    ("19", "Thái Nguyên", _NORTH, ("Bắc Kạn",)),
    ("20", "Lạng Sơn", _NORTH, ()),
    ("22", "Quảng Ninh", _RED_RIVER, ()),
    ("24", "Bắc Ninh", _RED_RIVER, ("Bắc Giang",)),
    ("25", "Phú Thọ", _NORTH, ("Vĩnh Phúc", "Hòa Bình")),
    ("31", "Hải Phòng", _RED_RIVER, ("Hải Dương",)),
    ("33", "Hưng Yên", _RED_RIVER, ("Thái Bình",)),
    ("37", "Ninh Bình", _RED_RIVER, ("Hà Nam", "Nam Định")),
    ("38", "Thanh Hóa", _NORTH_CENTRAL, ()),
    ("40", "Nghệ An", _NORTH_CENTRAL, ()),
    ("42", "Hà Tĩnh", _NORTH_CENTRAL, ()),
    ("44", "Quảng Trị", _NORTH_CENTRAL, ("Quảng Bình",)),
    ("46", "Huế", _NORTH_CENTRAL, ("Thừa Thiên Huế",)),
    ("48", "Đà Nẵng", _SOUTH_CENTRAL, ("Quảng Nam",)),
    ("51", "Quảng Ngãi", _SOUTH_CENTRAL, ("Kon Tum",)),
    ("52", "Gia Lai", _SOUTH_CENTRAL, ("Bình Định",)),
    ("56", "Khánh Hòa", _SOUTH_CENTRAL, ("Ninh Thuận",)),
    ("66", "Đắk Lắk", _SOUTH_CENTRAL, ("Phú Yên",)),
    ("68", "Lâm Đồng", _SOUTH_CENTRAL, ("Đắk Nông", "Bình Thuận")),
    ("75", "Đồng Nai", _SOUTH_EAST, ("Bình Phước",)),
    ("79", "TP.HCM", _SOUTH_EAST, ("Bà Rịa - Vũng Tàu", "Bình Dương")),
    ("80", "Tây Ninh", _SOUTH_EAST, ("Long An",)),
    ("82", "Đồng Tháp", _MEKONG, ("Tiền Giang",)),
    ("86", "Vĩnh Long", _MEKONG, ("Bến Tre", "Trà Vinh")),
    ("91", "An Giang", _MEKONG, ("Kiên Giang",)),
    ("92", "Cần Thơ", _MEKONG, ("Sóc Trăng", "Hậu Giang")),
    ("96", "Cà Mau", _MEKONG, ("Bạc Liêu",)),
)

PROVINCES: Mapping[str, Province] = MappingProxyType(
    {
        code: Province(code=code, name=name, region=region, former=former)
        for code, name, region, former in sorted(_TABLE)
    }
)

# Other ways in which the same units are written; "Hồ Chí Minh" alone is here, since a name asked for is a place.
ALIASES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "01": ("Hanoi", "HN", "TP HN", "Thủ đô Hà Nội", "Hà Tây"),
        "15": ("Lao Cai", "Lào Kay"),
        "19": ("Bắc Cạn",),
        "46": ("Thừa Thiên - Huế", "TT-Huế", "TT Huế", "Thừa Thiên", "Cố đô Huế"),
        "48": ("Danang",),
        "51": ("Kontum", "Kon Tom"),
        "52": ("Gialai",),
        "66": ("Đắc Lắc", "Đăk Lăk", "Đắk Lăk", "Đăk Lắk", "Đắc Lắk", "Darlac", "Daklak"),
        "68": ("Đắc Nông", "Đăk Nông", "Daknong"),
        "79": (
            "Hồ Chí Minh",
            "TP Hồ Chí Minh",
            "TPHCM",
            "HCM",
            "HCMC",
            "Ho Chi Minh City",
            "Sài Gòn",
            "Saigon",
            "TP Sài Gòn",
            "Bà Rịa",
            "Bà Rịa Vũng Tàu",
            "BR-VT",
            "BRVT",
        ),
        "92": ("TP CT",),
    }
)


def _key(name: str) -> str:
    folded = "".join(c if c.isalnum() else " " for c in fold(name))
    words = " ".join(folded.split())
    for unit in ("thanh pho truc thuoc trung uong ", "thanh pho ", "tinh ", "tp "):
        words = words.removeprefix(unit)
    return words.replace(" ", "")


_CODES: Mapping[str, str] = MappingProxyType(
    {
        _key(name): province.code
        for province in PROVINCES.values()
        for name in (province.code, province.name, *province.former, *ALIASES.get(province.code, ()))
    }
)


def province_code(name: str) -> str | None:
    """Return the code of the unit that a present or former name (marks, case, "tỉnh" and "TP" free) or a code means."""
    return _CODES.get(_key(name))
