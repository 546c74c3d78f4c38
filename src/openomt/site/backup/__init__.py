"""Backup and restore: every table in one sealed file that either database can write and either can read.

    back_up(file, passphrase)            while the site is served: one consistent moment of the database
    inspect(file, passphrase)            reads the whole file, checks it, changes nothing
    restore(file, passphrase, confirm)   into a new database; the old one is kept beside it

In the file: every table with all rows, documents included, the state of the tables' migrations, counts and hashes,
and the keys that open second factors: without them nobody with an app could sign in on a new machine.
Not in the file: the secret key of the installation, sessions (everybody signs in again after a restore), rate limits,
static files.
"""

from openomt.site.backup.reading import inspect
from openomt.site.backup.restoring import Existing, existing, restore
from openomt.site.backup.sealed import SHORTEST, SealError
from openomt.site.backup.tables import BackupError, Manifest
from openomt.site.backup.writing import back_up

__all__ = [
    "SHORTEST",
    "BackupError",
    "Existing",
    "Manifest",
    "SealError",
    "back_up",
    "existing",
    "inspect",
    "restore",
]
