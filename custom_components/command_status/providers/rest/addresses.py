"""Where a description may talk: one scheme, host and port, and nowhere within this machine's own.

https goes anywhere but to the addresses that are refused always: there a cloud's metadata and Home
Assistant's Supervisor live, which hand out secrets to whoever asks from here. Plain http is for
loopback, and where the user allows it for private addresses; so a name that somebody else answers
for can lead nowhere without a certificate for that name.
"""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
import socket
from typing import Final

from yarl import URL

from ..mistakes import Mistake

type Address = IPv4Address | IPv6Address

SUPERVISOR_NAMES: Final = frozenset({"supervisor", "hassio", "observer"})
"""Names within Home Assistant's own network of containers; also with `.local.hass.io` behind."""
SUPERVISOR_DOMAIN: Final = ".local.hass.io"
REFUSED: Final = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",
            "169.254.0.0/16",
            "172.30.32.0/23",
            "224.0.0.0/3",
            "::/128",
            "fd00:ec2::254/128",
            "fe80::/10",
            "ff00::/8",
        ),
    )
)
"""This host in another spelling, link-local, the Supervisor, multicast and what nobody has."""
PRIVATE: Final = tuple(
    map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"))
)
"""RFC 1918 and RFC 4193."""
NAT64: Final = IPv6Network("64:ff9b::/96")
MAX_LENGTH: Final = 2048
PLAIN: Final = frozenset(chr(code) for code in range(0x21, 0x7F)) - {"\\"}
"""What an address is written with; parsers disagree about the rest."""


class AddressError(Exception):
    """Raised for an address that nothing may be sent to."""

    def __init__(self, mistake: Mistake) -> None:
        """Name what is wrong with it."""
        super().__init__(mistake)
        self.mistake = mistake


def base_address(text: str, *, allow_http: bool = False) -> URL:
    """Return the address that everything is sent to, without a slash at its end.

    Raises AddressError: `invalid_url`, or `insecure_url` for plain http where it is not for it.
    """
    url = _parsed(text.strip().rstrip("/"))
    if url.query_string or url.fragment:
        raise AddressError(Mistake.INVALID_URL)
    if url.scheme == "http" and not (is_loopback(url) or (allow_http and is_private(url))):
        raise AddressError(Mistake.INSECURE_URL)
    return url


def answered_address(text: str, base: URL) -> URL:
    """Return an address out of an answer, relative ones resolved.

    Raises AddressError: `foreign_url` for one that leads elsewhere, whatever it is made of.
    """
    try:
        if text.startswith(("/", "?")) and not text.startswith("//"):
            url = _parsed(f"{base.origin()}{text}") if text[0] == "/" else _parsed(f"{base}{text}")
        else:
            url = _parsed(text)
    except AddressError as err:
        raise AddressError(Mistake.FOREIGN_URL) from err
    if not same_origin(url, base):
        raise AddressError(Mistake.FOREIGN_URL)
    return url.with_fragment(None)


def same_origin(one: URL, other: URL) -> bool:
    """Return whether two addresses share scheme, host and port, the usual port written or not."""
    return (one.scheme, one.host, one.port) == (other.scheme, other.host, other.port)


def is_loopback(url: URL) -> bool:
    """Return whether traffic to an address never leaves this machine."""
    address = _address(url.host or "")
    return url.host == "localhost" if address is None else address.is_loopback


def is_private(url: URL) -> bool:
    """Return whether an address is within the user's own network, as far as it can be known."""
    address = _address(url.host or "")
    if address is None:
        return (url.host or "").rstrip(".").endswith(".local")
    return any(address in network for network in PRIVATE if network.version == address.version)


def _parsed(text: str) -> URL:
    """Return a whole address; raises AddressError for what is none, or is refused always."""
    if len(text) > MAX_LENGTH or not PLAIN.issuperset(text):
        raise AddressError(Mistake.INVALID_URL)
    try:
        url = URL(text)
        url.origin()
    except ValueError as err:
        raise AddressError(Mistake.INVALID_URL) from err
    host = (url.host or "").rstrip(".").lower()
    if url.scheme not in {"http", "https"} or not host or "@" in _authority(text):
        raise AddressError(Mistake.INVALID_URL)
    if host.removesuffix(SUPERVISOR_DOMAIN) in SUPERVISOR_NAMES or _is_refused(host):
        raise AddressError(Mistake.INVALID_URL)
    return url


def _authority(text: str) -> str:
    """Return the part of an address between its scheme and its path, as it is written."""
    rest = text.partition("://")[2]
    return rest.partition("/")[0].partition("?")[0].partition("#")[0]


def _is_refused(host: str) -> bool:
    """Return whether a host is an address that is refused always, in whatever spelling."""
    address = _address(host)
    if address is None:
        return False
    return any(address in network for network in REFUSED if network.version == address.version)


def _address(host: str) -> Address | None:
    """Return the address that a host is; None for a name.

    Resolvers also take `0xa9fea9fe`, `2852039166` and `169.254.43518`, and an IPv4 address may be
    wrapped into one of IPv6.
    """
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        try:
            return IPv4Address(socket.inet_aton(host)) if host.isascii() else None
        except OSError, ValueError:
            return None
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
