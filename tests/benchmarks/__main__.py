"""Builds its own data in a database of its own, measures every row of the table, prints it, and leaves nothing."""

import argparse
import atexit
import os
import shutil
import signal
import sys
import tempfile
import time

FULL, SMALL = 30_000, 60


def main() -> int:
    options = read_options()
    started = time.monotonic()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the database is stopped and removed all the same
    prepare_environment(options.sqlite)

    import django

    django.setup()
    from tests.benchmarks.runs import run_all

    size = SMALL if options.small else options.suppliers
    missed = run_all(size, small=options.small)
    print(f"\n{size} suppliers, {time.monotonic() - started:.0f} s in all, {missed} bars missed.")
    if options.small:
        print("A small run shows that the benchmark runs; its ratios mean nothing.")
    return 0


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--small", action="store_true", help=f"{SMALL} suppliers and few rounds: does it run at all")
    parser.add_argument("--suppliers", type=int, default=FULL, help="how many suppliers (default %(default)s)")
    parser.add_argument("-v", "--verbose", action="store_true", help="show the slowest statements of a missed bar")
    parser.add_argument("--sqlite", action="store_true", help="do not start PostgreSQL, even where it is installed")
    return parser.parse_args()


def prepare_environment(sqlite: bool) -> None:
    """Point the settings at throw-away places before Django reads them."""
    folder = tempfile.mkdtemp(prefix="sanpo-bench-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name in ("REDIS_URL", "CELERY_BROKER_URL", "SANPO_TEST_SERVICES", "DATABASE_URL"):
        os.environ.pop(name, None)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "SANPO_DATA_DIR": folder,
        "SANPO_SECRET_KEY": "benchmark-only-key-benchmark-only-key-0123456789-0123456789",
        "SANPO_LOG_LEVEL": "WARNING",
        "SANPO_DEBUG": "0",
        "SANPO_HOSTS": "localhost,127.0.0.1,testserver",
    }
    os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3" if sqlite else start_postgresql(folder)


def start_postgresql(folder: str) -> str:
    """Return the address of a PostgreSQL of our own, or of an SQLite file where none is installed."""
    from pytest import UsageError

    from tests.services import PostgreSQL

    try:
        server = PostgreSQL()
        atexit.register(server.stop)
        server.start()
    except (UsageError, OSError) as error:
        print(f"No PostgreSQL ({error}); SQLite instead.", file=sys.stderr)
        return f"sqlite:///{folder}/bench.sqlite3"
    return server.url


if __name__ == "__main__":
    sys.exit(main())
