"""sources.toml: every mistake is one line that names file, source and key."""

from datetime import timedelta
from pathlib import Path

import pytest

from crawlers.addresses import is_public, refusal
from crawlers.sources import belongs, load, pick
from monitor.errors import ConfigError
from monitor.records import Source

GOOD = '[[source]]\nid = "bao"\nname = "Báo"\nhome = "https://bao.example.vn"\nfeeds = ["https://bao.example.vn/rss"]\n'


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(text, "utf-8")
    return path


def source(tmp_path: Path, more: str = "") -> Source:
    return load(written(tmp_path, GOOD + more))[0]


def test_a_source_has_its_defaults(tmp_path: Path) -> None:
    bao = source(tmp_path)
    assert (bao.publisher, bao.kind, bao.pace, bao.local) == ("bao", "news", timedelta(seconds=2), False)


def test_a_pace_is_read_as_a_duration(tmp_path: Path) -> None:
    assert source(tmp_path, 'pace = "1.5s"\n').pace == timedelta(seconds=1.5)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('feed = ["https://x.vn/rss"]', "unknown key 'feed'; did you mean 'feeds'?"),
        ('pace = "2 seconds"', "pace '2 seconds' is not a duration"),
        ('pace = "100ms"', "pace '100ms' is under 1s"),
        ('kind = "blog"', "kind 'blog' is not one of news, forum, api, report"),
        ('kind = "forum"', "lists is missing"),
        ('lists = ["https://bao.example.vn/tin"]', "selectors.links is missing"),
        ('sitemaps = ["ftp://bao.example.vn/s.xml"]', "sitemaps 'ftp://bao.example.vn/s.xml' is not an http"),
        ('sitemaps = ["https://bao.example.vn:8080/s.xml"]', "names a port"),
        ('sitemaps = "https://bao.example.vn/s.xml"', "sitemaps must be a list"),
        ('selectors = { link = "a" }', "unknown key 'selectors.link'; did you mean 'links'?"),
        ('selectors = { links = "a[" }', "selectors.links 'a[' is not a CSS selector"),
        ('local = "yes"', "local must be true or false"),
        ('region = ""', "region must be a text that is not empty"),
    ],
)
def test_a_wrong_key_is_named(tmp_path: Path, more: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        source(tmp_path, more + "\n")
    line = str(caught.value)
    assert "mine.toml: source 'bao': " in line
    assert said in line
    assert "\n" not in line


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no source"),
        ("[[source]\n", "mine.toml: Expected"),
        ("[[sources]]\nid = 'x'\n", "unknown key 'sources'; did you mean 'source'?"),
        (GOOD.replace('name = "Báo"\n', ""), "source 'bao': name is missing"),
        (GOOD.replace('id = "bao"\n', ""), "source 'number 1': id is missing"),
        (GOOD.replace('id = "bao"', 'id = "Báo"'), "id 'Báo' may hold only"),
        (GOOD.replace("feeds", "#"), "names no feeds, sitemaps or lists"),
        (GOOD + GOOD, "source 'bao' is there twice"),
    ],
)
def test_a_broken_file_is_one_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(written(tmp_path, text))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml: cannot be read: No such file"):
        load(tmp_path / "none.toml")


def test_an_unknown_source_is_named_with_what_is_near(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no source 'boa'; did you mean 'bao'"):
        pick([source(tmp_path)], ["boa"])


def test_links_to_other_sites_do_not_belong(tmp_path: Path) -> None:
    bao = source(tmp_path)
    assert belongs("https://tin.bao.example.vn/a.html", bao)
    assert not belongs("https://notbao.example.vn/a.html", bao)


def test_the_shipped_sources_load_and_cover_the_country() -> None:
    shipped = load()
    assert len(shipped) >= 30
    assert len({s.publisher for s in shipped}) >= 28
    assert not any(s.local for s in shipped)
    assert len({s.region for s in shipped}) >= 8


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::"),
        *("::127.0.0.1", "fe80::1%eth0", "2001:0:7f00:1::1", "nonsense"),
    ],
)
def test_addresses_that_are_not_public_are_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["203.162.4.191", "8.8.8.8", "2606:4700::1111", "2402:800::1"])
def test_public_addresses_are_asked(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "gopher://x.vn/", "http://x.vn:22/", "http://localhost/", "http://x.vn:99999/"]
)
def test_other_schemes_ports_and_local_hosts_are_refused(tmp_path: Path, url: str) -> None:
    assert refusal(url, source(tmp_path), frozenset({"localhost"}))


def test_only_its_own_ports_are_open_to_a_local_source(tmp_path: Path) -> None:
    text = GOOD.replace("https://bao.example.vn", "http://127.0.0.1:8100") + "local = true\n"
    local = load(written(tmp_path, text))[0]
    assert not refusal("http://127.0.0.1:8100/a", local, frozenset({"127.0.0.1"}))
    assert refusal("http://127.0.0.1:9200/", local, frozenset({"127.0.0.1"}))
