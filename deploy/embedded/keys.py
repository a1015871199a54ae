"""The key pair of the local issuer, made once for each data folder. `python -m deploy.embedded.keys FOLDER` makes what
docker-compose.yml mounts: that pair, and the key by which the members of MongoDB's replica set know each other."""

import base64
import secrets
import sys
from pathlib import Path

from joserfc.jwk import OKPKey

from shared.identity import ALGORITHM


def key_pair(data: Path) -> tuple[Path, Path]:
    """Private and public key, as PEM files; the private one is readable by its owner alone."""
    private, public = data / "session.key", data / "session.pub"
    if not public.exists():  # it is written last
        key = OKPKey.generate_key(ALGORITHM)
        private.touch(mode=0o600)
        private.write_bytes(key.as_pem(private=True))
        public.write_bytes(key.as_pem(private=False))
    return private, public


def main(folder: Path) -> None:
    """The containers run as another user: inside a folder that only the owner enters, the files are readable."""
    folder.mkdir(mode=0o700, exist_ok=True)
    private, _ = key_pair(folder)
    private.chmod(0o644)
    mongo = folder / "mongo.key"
    if not mongo.exists():
        mongo.write_text(base64.b64encode(secrets.token_bytes(576)).decode())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
