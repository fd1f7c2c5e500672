"""From which network a request comes: never an address of its own, only the network that it belongs to."""

from ipaddress import ip_address, ip_network

from django.conf import settings

PREFIX = {4: 24, 6: 48}


def client_network(request) -> str:
    """The /24 (IPv4) or /48 (IPv6) of the client, as text; "unknown" where no address is to be had.

    Forwarding headers are believed only as far as `settings.TRUSTED_PROXIES` proxies stand in front: each of them
    appends the address that it saw, so the client's is that many places from the right.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(forwarded) >= settings.TRUSTED_PROXIES and forwarded[-settings.TRUSTED_PROXIES].strip():
            address = forwarded[-settings.TRUSTED_PROXIES].strip()
    try:
        ip = ip_address(address)
    except ValueError:
        return "unknown"
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return str(ip_network(f"{ip}/{PREFIX[ip.version]}", strict=False))
