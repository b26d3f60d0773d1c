"""What others laid where the program makes its files: nothing of it is written to, opened up or believed."""

from __future__ import annotations

import asyncio
import os
import resource
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.errors import DatabaseError
from bot.store.backup import copy
from bot.store.engine import Database
from bot.store.migrate import upgrade

pytestmark = pytest.mark.attack("files")

PRECIOUS = "precious"
SOMEBODY_ELSE = 12_345
AS_ROOT = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="only root can lay files for somebody else"
)


@dataclass(frozen=True)
class Machine:
    """A folder with a database, in which commands are given."""

    folder: Path

    @property
    def database(self) -> Path:
        """The database that the commands are about."""
        return self.folder / "data" / "liverelay.db"

    @property
    def url(self) -> str:
        """Where it is."""
        return f"sqlite:///{self.database}"

    async def give(self, *arguments: str, largest: int | None = None, out: int = subprocess.DEVNULL) -> tuple[int, str]:
        """Give a command that may make no file larger than `largest`; return exit code and what it complained of."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LIVERELAY_")}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *arguments),
            cwd=self.folder,
            env=environment | {"LIVERELAY_DATABASE__URL": self.url},
            stdout=out,
            stderr=subprocess.PIPE,
            preexec_fn=None if largest is None else lambda: _limit(largest),
        )
        _out, err = await process.communicate()
        assert process.returncode is not None
        return process.returncode, err.decode()


def _limit(largest: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))


@pytest.fixture
async def machine(tmp_path: Path) -> Machine:
    made = Machine(tmp_path)
    async with Database(made.url) as database:
        await upgrade(database)
    return made


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """A folder in which everybody may write, as `/tmp` is one."""
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o1777)
    return folder


# ── what is written where somebody says ──────────────────────────────────────────────────────────────────────────


def targets(folder: Path) -> dict[str, Path]:
    """What a copy cannot be made as, each with its own reason."""
    precious = folder / "precious"
    precious.write_text(PRECIOUS)
    precious.chmod(0o644)
    (folder / "folder").mkdir()
    os.mkfifo(folder / "pipe")
    links = {"to precious": precious, "dangling": folder / "nothing", "to null": Path(os.devnull)}
    for name, target in links.items():
        (folder / name).symlink_to(target)
    made = {path.name: path for path in folder.iterdir() if path.name not in ("data", "log")}
    return made | {
        "nowhere": folder / "nowhere" / "copy",
        "below a file": precious / "copy",
        "long": folder / ("x" * 300),
    }


@pytest.mark.parametrize("command", ["backup", "export"])
async def test_nothing_that_is_there_is_overwritten_by_a_copy_however_it_is_named(
    machine: Machine, command: str, tried: Callable[[int], None]
) -> None:
    named = targets(machine.folder)
    before = {path: path.lstat() for path in machine.folder.iterdir()}
    said = await asyncio.gather(*(machine.give(command, str(path)) for path in named.values()))
    tried(len(named))
    for (code, complaint), path in zip(said, named.values(), strict=True):
        assert code == 2, complaint
        assert complaint.startswith(f"{path} cannot be made: ")
        assert complaint.count("\n") == 1
    assert (machine.folder / "precious").read_text() == PRECIOUS
    assert {path: path.lstat().st_mode for path in machine.folder.iterdir()} == {
        path: told.st_mode for path, told in before.items()
    }


@pytest.mark.parametrize("command", ["backup", "export"])
async def test_of_a_copy_for_which_the_disk_has_no_room_nothing_is_left(machine: Machine, command: str) -> None:
    to = machine.folder / "copy"
    code, complaint = await machine.give(command, str(to), largest=10)
    assert code in (1, 2)
    assert complaint.count("\n") == 1, complaint
    assert not to.exists()


async def test_what_is_printed_where_there_is_no_room_is_one_sentence(machine: Machine) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    code, complaint = await machine.give("export", out=full)
    os.close(full)
    assert code == 2
    assert complaint == "What was exported cannot be printed: No space left on device.\n"


# ── what is laid where the program makes its own files ───────────────────────────────────────────────────────────


async def test_a_lock_that_is_a_link_or_a_pipe_is_refused_and_what_it_leads_to_stays_as_it_is(
    tmp_path: Path, tried: Callable[[int], None]
) -> None:
    precious = tmp_path / "precious"
    precious.write_text(PRECIOUS)
    precious.chmod(0o644)
    lock = tmp_path / "liverelay.db.lock"
    laid: list[Callable[[], None]] = [
        lambda: lock.symlink_to(precious),
        lambda: lock.symlink_to(tmp_path / "nothing"),
        lambda: os.mkfifo(lock),
        lock.mkdir,
    ]
    tried(len(laid))
    for lay in laid:
        lay()
        with pytest.raises(DatabaseError):
            async with Database(f"sqlite:///{tmp_path / 'liverelay.db'}"):
                pytest.fail("it was opened")
        (lock.rmdir if lock.is_dir() and not lock.is_symlink() else lock.unlink)()
    assert precious.read_text() == PRECIOUS
    assert stat.S_IMODE(precious.stat().st_mode) == 0o644
    assert not (tmp_path / "nothing").exists()


async def test_a_copy_made_before_a_migration_goes_where_it_stands_and_not_where_a_link_leads(machine: Machine) -> None:
    """What stood under that name is replaced: it is a copy of ours, and an older one."""
    precious, to = machine.folder / "precious", machine.folder / "data" / "liverelay.db.0001.bak"
    precious.write_text("")
    precious.chmod(0o644)
    to.symlink_to(precious)
    copy(machine.database, to)
    assert precious.read_text() == ""
    assert stat.S_IMODE(precious.stat().st_mode) == 0o644
    assert not to.is_symlink()
    assert stat.S_IMODE(to.stat().st_mode) == 0o600
    assert to.stat().st_size


async def test_a_database_under_two_names_is_one_that_is_in_use(machine: Machine) -> None:
    """SQLite lets two processes write to it; that only one sends is held by the lock."""
    (machine.folder / "other").symlink_to(machine.folder / "data")
    (machine.folder / "data" / "same.db").symlink_to(machine.database)
    async with Database(machine.url):
        for name in ("other/liverelay.db", "data/same.db"):
            assert Database.is_held(machine.folder / name)
            with pytest.raises(DatabaseError, match="in use"):
                async with Database(f"sqlite:///{machine.folder / name}"):
                    pytest.fail("it was opened twice")


@AS_ROOT
async def test_where_everybody_may_write_nothing_is_opened_that_somebody_else_laid_there(
    machine: Machine, shared: Path, tried: Callable[[int], None]
) -> None:
    """A link to elsewhere, a database with other people's wishes, or a log of changes to be brought in at the start."""
    database = shared / "liverelay.db"
    links = {database: machine.database, shared / "folder": machine.database.parent}
    files = [database, *(shared / f"liverelay.db{end}" for end in (".lock", "-wal", "-shm", "-journal"))]
    tried(len(links) + len(files))
    for laid in (*links, *files):
        database.write_bytes(machine.database.read_bytes())
        if laid in links:
            laid.unlink(missing_ok=True)
            laid.symlink_to(links[laid])
        else:
            laid.touch()
        os.lchown(laid, SOMEBODY_ELSE, SOMEBODY_ELSE)
        named = laid / "liverelay.db" if laid.name == "folder" else database
        for beside in (False, True):
            with pytest.raises(DatabaseError, match="by somebody else"):
                async with Database(f"sqlite:///{named}", beside=beside):
                    pytest.fail(f"{laid} was believed")
        laid.unlink()
    async with Database(f"sqlite:///{shared / 'own.db'}") as own:
        await upgrade(own)


async def test_the_doctor_says_where_others_can_read_secrets_or_lay_files(machine: Machine) -> None:
    secret, folder = machine.folder / "token", machine.folder / "secrets"
    folder.mkdir()
    for file in (secret, folder / "guardian__api_key"):
        file.write_text("a-secret-key")
        file.chmod(0o644)
    machine.database.parent.chmod(0o777)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LIVERELAY_")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "doctor"),
        env=environment
        | {
            "COLUMNS": "1000",
            "LIVERELAY_DATABASE__URL": machine.url,
            "LIVERELAY_GUARDIAN__API_KEY_FILE": str(secret),
            "LIVERELAY_SECRETS_DIR": str(folder),
        },
        stdout=subprocess.PIPE,
    )
    out, _err = await process.communicate()
    said = out.decode()
    assert f"Others on this machine can read the secret in {secret}: chmod 600" in said
    assert f"Others on this machine can read the secret in {folder / 'guardian__api_key'}: chmod 600" in said
    assert f"can lay files beside the database: chmod 700 {machine.database.parent}" in said
    assert "a-secret-key" not in said
