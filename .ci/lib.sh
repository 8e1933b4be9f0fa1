# Shared by the scripts of this folder: where things are, how to speak, how to stop.
# shellcheck shell=bash
set -euo pipefail
umask 022

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
VENV="$ROOT/.venv"
PYTHON="$VENV/bin/python"
STATIC="$ROOT/static"
VENDOR="$STATIC/vendor"
cd "$ROOT"

# uv must never fetch an interpreter of its own: the one Debian has is the one we are tested on.
export UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1
export PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONUNBUFFERED=1

say() { printf '%s\n' "==> $*"; }
stop() { printf '\n%s\n' "Stopped: $*" >&2; exit 1; }

# A stamp is the hash of all that a step reads; the step runs again when it differs.
hash_of() { { printf '%s\n' "$@"; for item in "$@"; do [ -f "$item" ] && cat -- "$item"; done; } | sha256sum | cut -d' ' -f1; }
is_stamped() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

free_port() {
    "$PYTHON" - "$1" <<'PY'
import socket, sys

for port in range(int(sys.argv[1]), int(sys.argv[1]) + 50):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        print(port)
        break
PY
}
