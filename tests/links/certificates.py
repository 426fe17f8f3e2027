"""Certificates for the stage: an authority of our own, and good and bad certificates by it."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

NOW = datetime.now(UTC)
MAY_SIGN = x509.KeyUsage(
    key_cert_sign=True, crl_sign=True, digital_signature=False, content_commitment=False, key_encipherment=False,
    data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
)  # fmt: skip
"""What Python 3.13 wants an authority to say of itself."""


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


class Authority:
    """Signs certificates; its own is in `file`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = _name("Harbour authority")
        self.file = folder / "authority.pem"
        self.file.write_bytes(self._sign(self.name, self.key, self.key, True, 3650))

    def _sign(
        self,
        name: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        signer: ec.EllipticCurvePrivateKey,
        is_authority: bool,
        days: float,
        host: str = "",
        issuer: x509.Name | None = None,
    ) -> bytes:
        """PEM of a certificate that ends in so many days."""
        above = issuer
        issuer = issuer or (self.name if signer is self.key else name)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - timedelta(days=400))
            .not_valid_after(NOW + timedelta(days=days))
            .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        )
        if is_authority:
            made = made.add_extension(MAY_SIGN, critical=True)
        if above:
            place = x509.UniformResourceIdentifier("http://authority.test/above.crt")
            access = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, place)
            made = made.add_extension(x509.AuthorityInformationAccess([access]), critical=False)
        if host:
            ip = host.replace(".", "").isdigit()
            names = [x509.IPAddress(ip_address(host)) if ip else x509.DNSName(host)]
            made = made.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return made.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    def server(self, host: str = "127.0.0.1", days: float = 300, self_signed: bool = False) -> ssl.SSLContext:
        """What a server with a certificate for `host` needs."""
        return self._context(self.pem(host, days, self_signed))

    def pem(self, host: str, days: float = 300, self_signed: bool = False) -> bytes:
        """A key and a certificate for `host`."""
        key = ec.generate_private_key(ec.SECP256R1())
        return _pem(key) + self._sign(_name(host), key, key if self_signed else self.key, False, days, host)

    def below(self, name: str, left_out: bool) -> ssl.SSLContext:
        """What a server needs whose certificate an intermediate one signed, which it sends or leaves out."""
        between, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        intermediate = self._sign(_name(name), between, self.key, True, 300)
        leaf = self._sign(_name("127.0.0.1"), key, between, False, 300, "127.0.0.1", _name(name))
        return self._context(_pem(key) + (leaf if left_out else leaf + intermediate))

    def _context(self, pem: bytes) -> ssl.SSLContext:
        file = self.folder / f"{len(list(self.folder.iterdir()))}.pem"
        file.write_bytes(pem)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context
