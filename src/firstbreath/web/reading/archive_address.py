"""Where an archive is: only an address that this server's configuration names is ever contacted."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from urllib.parse import SplitResult, urlsplit

import msgspec

from firstbreath.web.reading.archive_refusals import SETTINGS, ArchiveRefused

PORTS = {"https": 443, "http": 80}


class Address(msgspec.Struct, frozen=True):
    """The root of a DICOMweb service; `path` has no slash at its end."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def shown(self) -> str:
        """The host, with its port where it is unusual."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == PORTS["https" if self.secure else "http"] else f"{name}:{self.port}"


def parse_address(url: str, *, allowed: Collection[str], plain_http: bool = False) -> Address:
    """The address of a DICOMweb service.

    allowed     the hosts that may be contacted, each with its port unless it is the usual one: pacs.example.org:8443
    plain_http  whether another machine may be asked without encryption
    Raises `ArchiveRefused`; an address with a user name or password in it is not repeated.
    """
    address = _read(url)
    if address.shown not in {name.strip().lower() for name in allowed}:
        text = f"The host {address.shown} is not among the archives that this server may contact."
        raise ArchiveRefused("DWEB-002", text, "Name it in the configuration of this server if it is meant.")
    if not address.secure and not plain_http and not _is_loopback(address.host):
        text = f"The archive {address.shown} would be asked without encryption."
        raise ArchiveRefused("DWEB-003", text, "Use https, or allow plain HTTP in the configuration of this server.")
    return address


def host_of(url: str) -> str:
    """The host that an address names, with its port unless it is the usual one.

    Raises `ArchiveRefused` as `parse_address` does.
    """
    return _read(url).shown


def _read(url: str) -> Address:
    parts = _split(url)
    if parts is None or parts.scheme not in PORTS or not parts.hostname:
        text = "The archive's address is no web address such as https://pacs.example.org/dicom-web."
        raise ArchiveRefused("DWEB-001", text, SETTINGS)
    if "@" in parts.netloc:
        text = "The archive's address holds a user name or a password."
        raise ArchiveRefused("DWEB-001", text, "Write credentials into the setting for them, not into the address.")
    if parts.query or parts.fragment:
        text = "The archive's address goes on after its path with ? or #."
        raise ArchiveRefused("DWEB-001", text, SETTINGS)
    host = parts.hostname.rstrip(".")
    return Address(parts.scheme == "https", host, parts.port or PORTS[parts.scheme], parts.path.rstrip("/"))


def _split(url: str) -> SplitResult | None:
    """The parts of a plain ASCII address, None where there is a doubt how another program reads it."""
    if re.search(r"[^!-~]|[\\%]|\.\.", url):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    return None if port == 0 else parts


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
