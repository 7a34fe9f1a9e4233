"""Which addresses may be asked: public ones, and those of sources marked local.

The resolver that every connection goes through hands out only addresses that passed, so neither a redirect nor a name
that resolves differently the second time reaches the office's own network.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest
from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import classImplements  # type: ignore[import-untyped]

from crawlers.sources import places
from monitor.records import Source


class AddressRefused(IgnoreRequest):
    """The URL leads where this crawler does not go."""


def refusal(url: str, source: Source, local_hosts: frozenset[str]) -> str:
    """Return why the URL may not be asked for this source, "" when it may."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "not an address"
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return f"scheme {parts.scheme!r} refused"
    if source.local and parts.netloc.lower() in places(source):
        return ""
    if parts.hostname in local_hosts:
        return "an address of a local source refused"
    if port not in (None, 80, 443):
        return f"port {port} refused"
    return ""


def is_public(address: str) -> bool:
    """Return whether an IP address is one of the public internet, whatever IPv4 address it carries inside."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    return all(_is_open(a) for a in (ip, *_inside(ip)))


def _is_open(ip: IPv4Address | IPv6Address) -> bool:
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_private or ip.is_link_local)


def _inside(ip: IPv4Address | IPv6Address) -> tuple[IPv4Address, ...]:
    """NAT64 addresses need no word here: 64:ff9b::/96 lies in the reserved ::/8 and is refused whole."""
    if isinstance(ip, IPv4Address):
        return ()
    return tuple(a for a in (ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())) if a)


class PublicResolver:
    """Twisted's resolver without the addresses that are not public, except for the hosts of local sources."""

    def __init__(self, reactor: Any, local: frozenset[str]) -> None:
        self._reactor, self._inner, self._local = reactor, reactor.nameResolver, local

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> Self:
        return cls(reactor, frozenset(crawler.settings.getlist("LOCAL_HOSTS")))

    def install_on_reactor(self) -> None:
        self._reactor.installNameResolver(self)

    def resolveHostName(
        self,
        resolutionReceiver: Any,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[Any] | None = None,
        transportSemantics: str = "TCP",
    ) -> Any:
        receiver = resolutionReceiver if hostName in self._local else _PublicReceiver(resolutionReceiver)
        return self._inner.resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)


class _PublicReceiver:
    def __init__(self, receiver: Any) -> None:
        self.resolutionBegan = receiver.resolutionBegan
        self.resolutionComplete = receiver.resolutionComplete
        self._resolved = receiver.addressResolved

    def addressResolved(self, address: Any) -> None:
        if is_public(address.host):
            self._resolved(address)


classImplements(PublicResolver, IHostnameResolver)
classImplements(_PublicReceiver, IResolutionReceiver)
