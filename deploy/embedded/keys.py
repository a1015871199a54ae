"""The key pair of the local issuer, made once for each data folder."""

from pathlib import Path

from joserfc.jwk import OKPKey

from shared.identity import ALGORITHM


def key_pair(data: Path) -> tuple[Path, Path]:
    """Private and public key, as PEM files; the private one is readable by its owner alone."""
    private, public = data / "session.key", data / "session.pub"
    if not private.exists():
        key = OKPKey.generate_key(ALGORITHM)
        private.touch(mode=0o600)
        private.write_bytes(key.as_pem(private=True))
        public.write_bytes(key.as_pem(private=False))
    return private, public
