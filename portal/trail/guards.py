"""SQL that makes the database itself refuse to change or remove what was recorded."""

TABLES = ("trail_entry", "trail_seal")
KEYS = {"trail_entry": "id", "trail_seal": "entry_id"}
KINDS = {"sqlite": ("no_update", "no_delete", "no_replace"), "postgresql": ("no_change", "no_truncate")}
REFUSAL = "What the trail holds is never changed or removed."


def install_sqlite() -> list[str]:
    """Return triggers for SQLite; the one on INSERT refuses REPLACE, which fires no other."""
    statements = []
    for table in TABLES:
        refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        key = KEYS[table]
        same = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # noqa: S608 - our own table names
        statements += [
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} {same} {refuse}",
        ]
    return statements


def remove_sqlite() -> list[str]:
    """Return what takes the SQLite triggers away."""
    return [f"DROP TRIGGER IF EXISTS {table}_{kind}" for table in TABLES for kind in KINDS["sqlite"]]


def install_postgresql() -> list[str]:
    """Return triggers for PostgreSQL, TRUNCATE included."""
    function = (
        "CREATE OR REPLACE FUNCTION trail_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    triggers = [
        f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} FOR EACH {each} EXECUTE FUNCTION trail_refuse()"
        for table in TABLES
        for name, event, each in (
            ("no_change", "UPDATE OR DELETE", "ROW"),
            ("no_truncate", "TRUNCATE", "STATEMENT"),
        )
    ]
    return [function, *triggers]


def remove_postgresql() -> list[str]:
    """Return what takes the PostgreSQL triggers away."""
    return [f"DROP TRIGGER IF EXISTS {table}_{kind} ON {table}" for table in TABLES for kind in KINDS["postgresql"]]


INSTALL = {"sqlite": install_sqlite, "postgresql": install_postgresql}
REMOVE = {"sqlite": remove_sqlite, "postgresql": remove_postgresql}


def trigger_names(vendor: str) -> set[str]:
    """Return the names of the triggers that must stand."""
    return {f"{table}_{kind}" for table in TABLES for kind in KINDS.get(vendor, ())}


def statements_to_install(vendor: str) -> list[str]:
    """Return the SQL that guards the trail on a database of this kind; nothing for one we do not know."""
    return INSTALL[vendor]() if vendor in INSTALL else []


def statements_to_remove(vendor: str) -> list[str]:
    """Return the SQL that takes the guard away."""
    return REMOVE[vendor]() if vendor in REMOVE else []
