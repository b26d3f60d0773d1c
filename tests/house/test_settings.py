"""Settings: what wins, what is complained about and how, and that the file in the repository says the truth."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import OTHER_NAMES, PREFIX, Settings, find, keys, load

CONFIG = Path(__file__).parents[2] / "config"
TOKEN = "123456789:AAHf3k9Zq_w7Lr2TnXcVbYpQ0sDgEjMuIoA"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "liverelay.toml"


# ── the file in the repository ───────────────────────────────────────────────────────────────────────────────────


def test_the_settings_file_holds_every_setting_at_its_default() -> None:
    content = tomllib.loads((CONFIG / "liverelay.toml").read_text())
    assert sorted(f"{section}.{name}" for section, values in content.items() for name in values) == sorted(keys())
    assert load(CONFIG / "liverelay.toml", {}) == Settings() == load(None, {})


def test_no_setting_in_the_file_stands_without_a_word_above_it() -> None:
    lines = (CONFIG / "liverelay.toml").read_text().splitlines()
    assert [line for above, line in pairwise(lines) if line[:1].isalpha() and (not above or above[0] == "[")] == []


def test_the_example_of_an_environment_names_only_settings_that_exist() -> None:
    lines = (CONFIG / "example.env").read_text().splitlines()
    names = {line.lstrip("#").partition("=")[0] for line in lines if PREFIX in line.partition("=")[0] and "=" in line}
    assert names
    for name in names:
        plain = name.removeprefix(PREFIX).removesuffix("_FILE")
        assert plain in OTHER_NAMES or plain.lower().replace("__", ".") in keys(), name


# ── what wins ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_secret_file_beats_the_environment_that_beats_the_file_that_beats_the_default(
    file: Path, tmp_path: Path
) -> None:
    file.write_text('[telegram]\ntoken = "file"\napi_url = "https://file.example"\n[poll]\nmin_interval = 30\n')
    secret = tmp_path / "secret"
    secret.write_text("secret\n")
    settings = load(
        file,
        {
            "LIVERELAY_TELEGRAM__TOKEN": "environment",
            "LIVERELAY_TELEGRAM__TOKEN_FILE": str(secret),
            "LIVERELAY_TELEGRAM__API_URL": "https://environment.example",
        },
    )
    assert settings.telegram.token.get_secret_value() == "secret"
    assert settings.telegram.api_url == "https://environment.example"
    assert settings.poll.min_interval == 30
    assert settings.poll.max_interval == 900


@pytest.mark.parametrize("variable", ["LIVERELAY_SECRETS_DIR", "CREDENTIALS_DIRECTORY"])
def test_a_folder_of_secrets_is_read_and_others_secrets_in_it_are_left_alone(variable: str, tmp_path: Path) -> None:
    (tmp_path / "telegram__token").write_text(TOKEN)
    (tmp_path / "liverelay_discord__token").write_text("discord-token")
    (tmp_path / "tls.key").write_text("not ours")
    settings = load(None, {variable: str(tmp_path)})
    assert settings.telegram.token.get_secret_value() == TOKEN
    assert settings.discord.token.get_secret_value() == "discord-token"


def test_a_misspelt_secret_that_bears_our_name_is_an_error_that_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "liverelay_telegram__tokn").write_text(TOKEN)
    with pytest.raises(SettingsError, match=r"liverelay_telegram__tokn: is no setting. Did you mean telegram\.token\?"):
        load(None, {"LIVERELAY_SECRETS_DIR": str(tmp_path)})


def test_a_token_is_taken_without_the_white_space_that_copying_brought() -> None:
    settings = load(None, {"LIVERELAY_TELEGRAM__TOKEN": f" {TOKEN}\n"})
    assert settings.telegram.token.get_secret_value() == TOKEN
    with pytest.raises(SettingsError, match=r"^discord\.token: should be one token without spaces\.") as caught:
        load(None, {"LIVERELAY_DISCORD__TOKEN": f"{TOKEN} {TOKEN}"})
    assert TOKEN not in str(caught.value)


def test_platforms_that_give_a_database_url_are_understood_and_our_own_name_beats_it() -> None:
    given = {"DATABASE_URL": "postgres://u:p@host/platform"}
    assert load(None, given).database.url == "postgres://u:p@host/platform"
    assert load(None, given | {"LIVERELAY_DATABASE__URL": "sqlite:///x.db"}).database.url == "sqlite:///x.db"


def test_every_setting_can_come_from_the_environment() -> None:
    values = {
        f"LIVERELAY_{key.replace('.', '__').upper()}": value
        for key, value in _values(Settings()).items()
        if not isinstance(value, tuple)
    }
    assert load(None, {name: str(value).lower() for name, value in values.items()}) == Settings()


def test_a_list_in_a_variable_is_separated_by_commas_and_fractions_of_seconds_are_kept() -> None:
    settings = load(
        None, {"LIVERELAY_FETCH__DENY_HOSTS": "a.example, B.example", "LIVERELAY_POLL__MIN_INTERVAL": "0.25"}
    )
    assert settings.fetch.bounds.deny_hosts == {"a.example", "b.example"}
    assert settings.poll.limits.min_interval == timedelta(milliseconds=250)


def test_a_shortest_interval_above_the_longest_counts_for_both() -> None:
    limits = load(None, {"LIVERELAY_POLL__MIN_INTERVAL": "2000"}).poll.limits
    assert limits.max_interval == limits.min_interval == timedelta(seconds=2000)


def test_the_variables_of_other_programs_and_of_our_tests_are_left_alone() -> None:
    assert load(None, {"PATH": "/bin", "LIVERELAY_SAMPLES": "x", "LIVERELAY_TEST_POSTGRES": "y"}) == Settings()


# ── where the file is ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_file_is_looked_for_in_two_places_and_a_named_one_comes_first(tmp_path: Path) -> None:
    assert find({}, tmp_path) is None
    (tmp_path / "liverelay.toml").touch()
    assert find({}, tmp_path) == tmp_path / "liverelay.toml"
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "liverelay.toml").touch()
    assert find({}, tmp_path) == tmp_path / "config" / "liverelay.toml"
    assert find({"LIVERELAY_CONFIG": "other.toml"}, tmp_path) == Path("other.toml")


# ── complaints ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("content", "named", "meant"),
    [
        ("[poll]\nmin_intervall = 3", "poll.min_intervall", "poll.min_interval"),
        ("[pol]\nmin_interval = 3", "pol.min_interval", "poll.min_interval"),
        ('[telegram]\nToken = "x"', "telegram.Token", "telegram.token"),
    ],
)
def test_an_unknown_key_in_the_file_is_an_error_that_names_the_nearest(
    file: Path, content: str, named: str, meant: str
) -> None:
    file.write_text(content)
    with pytest.raises(SettingsError) as caught:
        load(file, {})
    assert str(caught.value) == f"{named}: is no setting. Did you mean {meant}?"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("LIVERELAY_TELEGRAM__TOKN", "LIVERELAY_TELEGRAM__TOKEN"),
        ("LIVERELAY_TELEGRAM_TOKEN", "LIVERELAY_TELEGRAM__TOKEN"),
        ("LIVERELAY_POLL__MIN", "LIVERELAY_POLL__MIN_INTERVAL"),
    ],
)
def test_an_unknown_variable_of_ours_is_an_error_that_names_the_nearest(name: str, meant: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(None, {name: TOKEN})
    assert f"Did you mean {meant}?" in str(caught.value)
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("POLL__MIN_INTERVAL", "0", "greater than 0"),
        ("POLL__MIN_INTERVAL", "often", "valid number"),
        ("ACCESS__OPEN", "perhaps", "valid boolean"),
        ("LOG__LEVEL", "loud", "'debug', 'info', 'warning' or 'error'"),
        ("TELEGRAM__API_URL", "api.telegram.org", "begin with https://"),
        ("DISCORD__GATEWAY_URL", "https://x.example", "begin with wss://"),
        ("DATABASE__URL", "mysql://host/x", "begin with sqlite or postgres"),
        ("DATABASE__URL", "sqlite:x.db", "look like sqlite:///"),
        ("DATABASE__URL", "sqlite://", "should name a file"),
        ("DATABASE__URL", "sqlite:///:memory:", "should name a file"),
        ("DATABASE__URL", "postgresql://user:hidden@host:port/x", "look like sqlite:///"),
    ],
)
def test_a_value_out_of_range_is_one_sentence_that_names_the_setting(name: str, value: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(None, {f"LIVERELAY_{name}": value})
    sentence = str(caught.value)
    assert sentence.startswith(name.lower().replace("__", "."))
    assert said in sentence
    assert "\n" not in sentence
    assert "hidden" not in sentence


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[poll\n", "is not TOML"),
        (b"\xff\xfe", "is not TOML"),
        (b"open = true", "stands outside of a section"),
    ],
)
def test_a_file_that_cannot_be_understood_is_one_sentence(file: Path, content: bytes, said: str) -> None:
    file.write_bytes(content)
    with pytest.raises(SettingsError, match=said):
        load(file, {})


def test_a_secret_file_that_is_not_there_is_said_and_so_is_a_folder(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing")
    with pytest.raises(SettingsError, match="cannot be read"):
        load(None, {"LIVERELAY_TELEGRAM__TOKEN_FILE": missing})
    with pytest.raises(SettingsError, match="is no folder"):
        load(None, {"LIVERELAY_SECRETS_DIR": missing})


def test_a_renamed_setting_still_works_and_says_its_new_name(file: Path) -> None:
    file.write_text("[poll]\nshortest = 20\n")
    with pytest.warns(UserWarning, match=r"poll\.shortest is called poll\.min_interval now"):
        settings = load(file, {}, {"poll.shortest": "poll.min_interval"})
    assert settings.poll.min_interval == 20


# ── secrets ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_tokens_do_not_print_and_are_known_as_secrets_like_the_databases_password() -> None:
    settings = load(
        None,
        {
            "LIVERELAY_TELEGRAM__TOKEN": TOKEN,
            "LIVERELAY_DISCORD__TOKEN": "discord-token",
            "DATABASE_URL": "postgresql://u:p%40ss@host/x",
        },
    )
    assert TOKEN not in repr(settings)
    assert TOKEN not in str(settings.telegram)
    assert set(settings.secrets()) == {TOKEN, "discord-token", "p@ss", "p%40ss"}


def _values(settings: Settings) -> dict[str, object]:
    values = {}
    for key in keys():
        section, name = key.split(".")
        value = getattr(getattr(settings, section), name)
        values[key] = value.get_secret_value() if hasattr(value, "get_secret_value") else value
    return values


@pytest.mark.parametrize("where", ["8097", "127.0.0.1", "127.0.0.1:99999"])
def test_where_the_webhook_listens_is_a_host_and_a_port(where: str) -> None:
    with pytest.raises(SettingsError, match=r"^telegram\.webhook_listen: should look like"):
        load(None, {"LIVERELAY_TELEGRAM__WEBHOOK_LISTEN": where})
    assert load(None, {"LIVERELAY_TELEGRAM__WEBHOOK_LISTEN": "[::1]:81"}).telegram.webhook_address == ("::1", 81)


def test_only_a_bot_api_server_of_ones_own_takes_a_webhook_without_https() -> None:
    url = {"LIVERELAY_TELEGRAM__WEBHOOK_URL": "http://relay.example/"}
    with pytest.raises(SettingsError, match=r"telegram.webhook_url: should begin with https://, or be empty"):
        load(None, url)
    assert load(None, url | {"LIVERELAY_TELEGRAM__API_URL": "http://127.0.0.1:8081"}).telegram.webhook_url


@pytest.mark.parametrize("listen", ["127.0.0.1:9464", "localhost:9464", "[::1]:9464"])
def test_health_is_served_on_this_machine(listen: str) -> None:
    chosen = load(None, {"LIVERELAY_HEALTH__LISTEN": listen})
    assert chosen.health.address == (listen.rpartition(":")[0].strip("[]"), 9464)


@pytest.mark.parametrize("listen", ["0.0.0.0:9464", "192.0.2.1:9464", "example.org:9464", "[::]:9464"])
def test_health_is_served_to_others_only_where_that_was_said(listen: str) -> None:
    with pytest.raises(SettingsError, match=r"^health\.listen: should be an address of this machine"):
        load(None, {"LIVERELAY_HEALTH__LISTEN": listen})
    load(None, {"LIVERELAY_HEALTH__LISTEN": listen, "LIVERELAY_HEALTH__ALLOW_REMOTE": "true"})


@pytest.mark.parametrize("listen", ["9464", "127.0.0.1", ":9464", "127.0.0.1:port", "127.0.0.1:70000"])
def test_health_needs_a_host_and_a_port(listen: str) -> None:
    with pytest.raises(SettingsError, match=r"^health\.listen: should look like 127\.0\.0\.1:9464"):
        load(None, {"LIVERELAY_HEALTH__LISTEN": listen})
