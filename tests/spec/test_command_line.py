"""The command line on bad days: a clear message, an exit code by who must act, nothing lost, nothing half-written."""

import json
import re
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest

PROTOCOL = "protocol/protocol.toml"


@pytest.fixture
def begun(cli, tmp_path):
    """A new study whose trial has begun."""
    assert cli("new", tmp_path / "trial").code == 0
    assert cli("begin", tmp_path / "trial", "--actor", "Author").code == 0
    return tmp_path / "trial"


@pytest.fixture
def small_disk(tmp_path):
    """A disk of two megabytes of its own; skipped where this account may not mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    options = ["-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)]
    if not mount or subprocess.run([mount, *options], capture_output=True, check=False).returncode:
        pytest.skip("this account may not mount a small disk")
    yield place
    subprocess.run([shutil.which("umount"), "--lazy", str(place)], check=True)


def fill(disk):
    """Write until the disk has no room left."""
    with (disk / "filler").open("wb", buffering=0) as file:
        for size in (65536, 512, 1):
            while True:
                try:
                    file.write(b"0" * size)
                except OSError:
                    break


def act(cli, folder, **command):
    return cli("act", folder, json.dumps(command), "--actor", "A. Nurse", "--role", "nurse")


class TestNewStudy:
    """Starting a study makes a whole folder, or nothing."""

    @pytest.mark.parametrize("like", ["mexcovid", "mexvt"])
    def test_new_study_has_nothing_to_correct(self, cli, tmp_path, like):
        """A study begun from a shipped one checks without findings and can begin."""
        assert cli("new", tmp_path / "trial", "--like", like).code == 0
        assert cli("check", tmp_path / "trial").code == 0
        assert cli("begin", tmp_path / "trial", "--actor", "Author").code == 0
        assert json.loads(cli("state", tmp_path / "trial", "--json").out)["enrolment"]["open"] is True

    def test_new_study_has_no_identity_of_another(self, cli, tmp_path):
        """A new study carries nobody's registration, sponsor or site."""
        cli("new", tmp_path / "trial")
        trial = json.loads(cli("protocol", "show", tmp_path / "trial", "--json").out)["design"]["trial"]
        assert (trial["registration"], trial["sponsor"], trial["sites"]) == ("", "", [])
        assert trial["title"].startswith("To be named")
        assert trial["id"] == "TRIAL"

    @pytest.mark.parametrize(("folder", "name"), [("my-trial 2", "MY_TRIAL_2"), ("7", "TRIAL_7"), ("吸入", "TRIAL")])
    def test_new_study_is_called_after_its_folder(self, cli, tmp_path, folder, name):
        """A trial begins under the name of its folder, whatever the folder is called."""
        assert cli("new", tmp_path / folder).code == 0
        assert cli("check", tmp_path / folder).out.startswith(f"{name}: nothing to correct")

    def test_folder_that_is_not_empty_is_left_alone(self, cli, tmp_path):
        """A folder with something in it is not touched."""
        (tmp_path / "notes.txt").write_text("mine")
        done = cli("new", tmp_path)
        assert (done.code, [path.name for path in tmp_path.iterdir()]) == (2, ["notes.txt"])

    def test_key_is_its_own_and_private(self, cli, tmp_path):
        """Two studies have different keys, readable by their owner only."""
        keys = []
        for name in ("a", "b"):
            cli("new", tmp_path / name)
            path = tmp_path / name / "keys" / "head.key"
            keys.append(path.read_bytes())
            assert path.stat().st_mode & 0o077 == 0
        assert keys[0] != keys[1]

    def test_broken_protocol_begins_no_trial(self, cli, tmp_path):
        """A protocol with findings begins no trial; all findings are shown; no log is left behind."""
        cli("new", tmp_path / "trial")
        path = tmp_path / "trial" / PROTOCOL
        path.write_text(path.read_text().replace("18 <= age <= 75", "18 <= aeg <= 75").replace('"D2"', '"D1"', 1))
        for command in (("check",), ("begin", "--actor", "Author")):
            done = cli(command[0], tmp_path / "trial", *command[1:])
            assert done.code == 3
            assert 'Did you mean "age"?' in done.err
            assert done.err.count("\n") >= 2
        assert not (tmp_path / "trial" / "log.sqlite").exists()


class TestActs:
    """Acts from the command line go through the same door."""

    def test_refusal_is_told_and_recorded(self, cli, begun):
        """A refused act ends with 4, shows its reasons, and is in the log."""
        done = act(cli, begun, act="enrol_subject", subject="S1", arm="haMSC_Exos")
        assert (done.code, "SUBJ-001" in done.out) == (4, True)
        refused = json.loads(cli("log", begun, "--kind", "act_refused", "--json").out)
        assert refused[0]["event"]["body"]["act"] == "enrol_subject"

    def test_second_patient_waits(self, cli, study):
        """On the replayed trial, another enrolment without review of the last patient is refused."""
        act(cli, study, act="open_screening", subject="P8")
        assert act(cli, study, act="enrol_subject", subject="P8", arm="haMSC_Exos").code == 4

    @pytest.mark.parametrize(
        "text",
        ["", "{", "[]", '{"act": "fly"}', '{"act": "enrol_subject"}', '{"act": "open_screening", "subject": 1}', "\0"],
    )
    def test_nonsense_is_no_command(self, cli, begun, text):
        """What is no command is told so, and nothing is written."""
        before = cli("log", begun).out
        done = cli("act", begun, text, "--actor", "A", "--role", "nurse")
        assert (done.code, "This is no command" in done.err) == (2, True)
        assert cli("log", begun).out == before

    def test_photograph_must_be_stored(self, cli, begun, tmp_path):
        """A consent names only photographs that are stored here; attaching one prints its name."""
        act(cli, begun, act="open_screening", subject="S1")
        consent = {"act": "sign_consent", "subject": "S1", "version": "as approved", "given_by": "patient"}
        consent |= {"witnesses": ["W1", "W2"]}
        assert act(cli, begun, **consent, photographs=["0" * 64]).code == 2
        (tmp_path / "photo.jpg").write_bytes(b"a page with signatures")
        name = cli("attach", begun, "S1", tmp_path / "photo.jpg").out.strip()
        assert act(cli, begun, **consent, photographs=[name]).code == 0
        assert "1 file" in cli("verify", begun).out
        stored = next((begun / "blobs").rglob(name))
        assert b"signatures" not in stored.read_bytes()
        stored.chmod(0o644)
        stored.write_bytes(b"x")
        assert "its file" in cli("verify", begun).err

    def test_empty_actor_is_nobody(self, cli, begun):
        """An act by nobody is not taken."""
        done = cli("act", begun, '{"act": "open_screening", "subject": "S1"}', "--actor", " ", "--role", "nurse")
        assert (done.code, "--actor is empty" in done.err) == (2, True)

    @pytest.mark.parametrize(
        ("text", "hint"),
        [
            ('{"act": "enrol_subjct", "subject": "S1"}', 'Did you mean "enrol_subject"?'),
            ('{"act": "record_form", "subject": "S1", "form": "f", "visit": "v", "values": {"age": 50}}', "in quotes"),
            ("[1]", "Write JSON such as"),
        ],
    )
    def test_nonsense_is_told_what_to_write(self, cli, begun, text, hint):
        """What is no command is answered with what would be one."""
        assert hint in cli("act", begun, text, "--actor", "A", "--role", "nurse").err

    def test_nothing_is_done_on_a_broken_log(self, cli, study):
        """Reading checks the chain: on a changed log nothing is shown, written or appended."""
        connection = sqlite3.connect(study / "log.sqlite")
        connection.execute("DROP TRIGGER log_is_never_updated")
        statement = (
            "UPDATE log SET record = CAST(replace(CAST(record AS TEXT), '2.0e8', '9.0e8') AS BLOB) WHERE seq = 40"
        )
        connection.execute(statement)
        connection.commit()
        connection.close()
        before = (study / "log.sqlite").read_bytes()
        for command in (("state",), ("log",), ("paper",), ("serve", "--port", "0")):
            done = cli(command[0], study, *command[1:])
            assert (done.code, "40" in done.err, "Traceback" in done.err) == (1, True, False)
        assert act(cli, study, act="open_screening", subject="P8").code == 1
        assert (study / "log.sqlite").read_bytes() == before

    def test_demo_does_not_write_into_a_live_trial(self, cli, begun):
        """A demonstration refuses a folder that holds a trial of somebody's own."""
        before = sorted(path.name for path in begun.iterdir())
        assert cli("demo", "--no-serve", "--dir", begun).code == 2
        assert sorted(path.name for path in begun.iterdir()) == before

    def test_text_that_is_no_unicode(self, cli, begun):
        """A name in broken encoding is told so, and nothing is written."""
        command = '{"act": "open_screening", "subject": "S1"}'
        done = cli("act", begun, command, "--actor", "A\udcff", "--role", "nurse")
        assert (done.code, "--actor is not valid text" in done.err) == (2, True)
        assert cli("log", begun, "--subject", "S1", "--json").out.strip() == "[]"

    def test_time_needs_a_zone(self, cli, begun):
        """A clinical time without a zone is refused."""
        arguments = ('{"act": "open_screening", "subject": "S1"}', "--actor", "A", "--role", "nurse")
        done = cli("act", begun, *arguments, "--occurred", "2026-01-01T09:00")
        assert (done.code, "time zone" in done.err) == (2, True)


class TestFilesAndDisks:
    """Files that cannot be used and disks that cannot be written are told as such."""

    def test_folder_without_a_log(self, cli, tmp_path):
        """A folder without a log is told how to begin one, and stays as it is."""
        for command in ("state", "log", "verify", "paper", "serve"):
            done = cli(command, tmp_path)
            assert (done.code, "firstbreath begin" in done.err) == (2, True)
        assert list(tmp_path.iterdir()) == []

    def test_file_that_is_no_log(self, cli, tmp_path):
        """A file that is no database is the administrator's to restore."""
        (tmp_path / "log.sqlite").write_bytes(b"not a database at all" * 100)
        done = cli("verify", tmp_path)
        assert (done.code, "not a log" in done.err) == (6, True)

    def test_truncated_log_file(self, cli, study):
        """A log file cut short is damaged, not empty."""
        connection = sqlite3.connect(study / "log.sqlite")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        content = (study / "log.sqlite").read_bytes()
        (study / "log.sqlite").write_bytes(content[: len(content) // 2])
        done = cli("verify", study)
        assert done.code in (1, 6)
        assert done.err

    @pytest.mark.parametrize(
        ("content", "told"),
        [
            (b"\xff\xfea\0", "UTF-16"),
            (b"firstbreath = 1\n# caf\xe9\n", "protocol.toml:2 is not UTF-8"),
            (b"firstbreath = \n", "TOML-001"),
        ],
    )
    def test_encoding_and_syntax_of_a_protocol_file(self, cli, tmp_path, content, told):
        """A file in another encoding, or broken TOML, is told with its line."""
        cli("new", tmp_path / "trial")
        (tmp_path / "trial" / PROTOCOL).write_bytes(content)
        done = cli("check", tmp_path / "trial")
        assert done.code in (3, 5)
        assert told in done.err

    def test_unknown_study(self, cli):
        """A name that is neither a folder nor a shipped study is told so."""
        for command in (("check", "nowhere"), ("claims", "../etc"), ("protocol", "show", "nowhere")):
            assert cli(*command).code == 2

    def test_folder_that_cannot_be_written(self, cli, study):
        """A disk that cannot be written is the administrator's, and no half file is left."""
        (study / "paper").mkdir()
        target = study / "paper" / "results.json"
        target.mkdir()
        done = cli("paper", study, "--out", study / "paper")
        assert done.code == 6
        assert [path.name for path in (study / "paper").iterdir() if path.name.startswith(".")] == []

    def test_full_disk(self, cli, replayed, small_disk):
        """On a full disk an act and a paper end with 6 and say so; what was written before still verifies."""
        folder = Path(shutil.copytree(replayed, small_disk / "study"))
        assert act(cli, folder, act="open_screening", subject="S1").code == 0
        fill(small_disk)
        before = sorted(path.name for path in folder.iterdir())
        for _ in range(3):
            refused = act(cli, folder, act="open_screening", subject="S2" * 10)
        done = cli("paper", folder)
        assert [(refused.code, "disk is full" in refused.err), (done.code, "disk is full" in done.err)] == [
            (6, True)
        ] * 2
        assert sorted(path.name for path in folder.iterdir()) == before
        (small_disk / "filler").unlink()
        assert cli("verify", folder).code == 0
        assert "S1" in cli("log", folder, "--subject", "S1").out

    @pytest.mark.parametrize(
        ("file", "content", "command", "code", "told"),
        [
            ("keys/head.key", b"abc", "paper", 6, "is no key"),
            ("heads.jsonl", b'{"seq":1,"hash":"zz","key":"00","signature":"00"}\n', "verify", 1, "not a signed head"),
            ("background/severity.csv", b"a,b\n1,2\n", "paper", 5, "lacks the columns"),
            ("background/publication.toml", b"x = 1\n", "paper", 5, "no [[publications]]"),
            ("published/claims.toml", b"\xff", "claims", 5, "not UTF-8"),
        ],
    )
    def test_files_beside_the_log_that_cannot_be_used(self, cli, study, file, content, command, code, told):
        """A damaged key, heads file or table is told by name, with the code of who must act."""
        (study / file).chmod(0o600) if (study / file).exists() else None
        (study / file).write_bytes(content)
        done = cli(command, study)
        assert (done.code, told in done.err) == (code, True)

    def test_fault_of_ours_is_no_broken_log(self, cli, replayed, monkeypatch):
        """An unforeseen fault ends with 70, names its place, and is never taken for a broken log."""
        monkeypatch.setattr("firstbreath.cli.log.compute_overview", lambda trial: 1 / 0)
        done = cli("state", replayed)
        assert (done.code, "A fault of firstbreath" in done.err, "Traceback" in done.err) == (70, True, False)

    def test_signed_heads_of_many_are_all_kept(self, study):
        """Heads signed at the same time are all in the file."""
        import threading

        from firstbreath.cli.study import Study
        from firstbreath.events.chain import Head

        heads = [Head(row[0], row[2]) for row in Study(study, read_only=True).store.rows()][:24]
        threads = [threading.Thread(target=Study(study).sign, args=(head,)) for head in heads]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {signed.head for signed in Study(study).signed_heads()} == set(heads)

    def test_moment_that_is_none(self, cli, replayed):
        """A moment that is no number and no time, or lies beyond the log, is told so."""
        assert cli("state", replayed, "--as-of", "yesterday").code == 2
        assert "which has" in cli("state", replayed, "--as-of", "999999").err

    def test_head_that_is_none(self, cli, replayed):
        """A head that was mistyped is told so, and nothing is called broken."""
        for text in ("12", "x:00", "12:zz", "0:" + "00" * 32):
            assert cli("verify", replayed, "--head", text).code == 2


class TestDemonstration:
    """One command replays, verifies, checks, writes and shows."""

    def test_demo_prints_verdicts_and_leaves_the_documents(self, demonstrated):
        """The demonstration ends well, prints how many claims have which verdict, and leaves every document."""
        done = demonstrated.done
        assert done.code == 0
        assert "The log holds: 128 records" in done.out
        assert re.search(r"\d+ claims: \d+ reproduced, \d+ contradicted, 1 not attainable", done.out)
        left = {path.name for path in demonstrated.folder.iterdir()}
        assert {"paper.html", "paper.pdf", "paper.docx", "results.json", "claims.json", "log.sqlite"} <= left

    def test_second_run_finds_its_folder_and_changes_nothing(self, cli, demonstrated, tmp_path):
        """Run again, it verifies what is there and writes the same bytes."""
        shutil.copytree(demonstrated.folder.parent, tmp_path / "again")
        assert cli("demo", "--no-serve", "--dir", tmp_path / "again" / "demo").code == 0
        first, again = (
            {path.name: path.read_bytes() for path in folder.glob("*.*") if path.is_file()}
            for folder in (demonstrated.folder, tmp_path / "again" / "demo")
        )
        assert {name for name in first if first[name] != again[name]} == set()

    def test_demonstration_stays_a_file(self, demonstrated):
        """Both its logs are files, though the environment names a database."""
        beside = demonstrated.folder.with_name("demo-simulated")
        assert [(folder / "log.sqlite").is_file() for folder in (demonstrated.folder, beside)] == [True, True]

    def test_demo_of_a_changed_log_stops(self, cli, study):
        """A demonstration whose log was changed stops with 1 before anything is printed from it."""
        connection = sqlite3.connect(study / "log.sqlite")
        connection.execute("DROP TRIGGER log_is_never_updated")
        connection.execute("UPDATE log SET hash = zeroblob(32) WHERE seq = 7")
        connection.commit()
        connection.close()
        done = cli("demo", "--no-serve", "--dir", study)
        assert (done.code, "BROKEN record 7" in done.err, "claims" in done.out) == (1, True, False)


class TestReports:
    """What commands report is there for people and, with `--json`, for machines."""

    def test_claims_for_people_and_machines(self, cli):
        """Claims are printed with their working; as JSON each has the same six keys and its verdict."""
        shown = cli("claims", "mexcovid").out
        assert "192/3432" in shown
        listed = json.loads(cli("claims", "mexcovid", "--json").out)
        assert all({"id", "place", "claim", "verdict", "working", "sources"} <= claim.keys() for claim in listed)
        assert len(listed) >= 40
        assert cli("claims", "mexcovid", "--strict").code == 5

    def test_log_for_people(self, cli, replayed):
        """The log is printed with who, what, source and hash, and can be narrowed down."""
        done = cli("log", replayed, "--subject", "P4", "--kind", "dose_given")
        assert done.out.count("dose_given") == 5
        assert "P5" not in done.out

    def test_state_for_people(self, cli, replayed):
        """The state is printed with its stamp, the gate, and a line for each patient."""
        done = cli("state", replayed)
        assert "REPLAY OF PUBLISHED FACTS" in done.out
        assert "Enrolment is open" in done.out
        assert done.out.count("5 of 5") == 7

    def test_protocol_shown_and_compared(self, cli, tmp_path):
        """A protocol is shown as people read it, and an amendment as what it changes."""
        assert "Aged 18 to 75 years" in cli("protocol", "show", "mexcovid").out
        cli("new", tmp_path / "trial")
        path = tmp_path / "trial" / PROTOCOL
        path.write_text(path.read_text().replace("18 <= age <= 75", "18 <= age <= 80"))
        assert "80" in cli("protocol", "diff", "mexcovid", tmp_path / "trial").out
        assert json.loads(cli("protocol", "schema", "forms.toml").out)["$defs"]

    def test_amendment_is_recorded_with_its_reason(self, cli, begun):
        """An amended folder comes into force with a reason, and the log keeps both."""
        path = begun / PROTOCOL
        path.write_text(path.read_text().replace("18 <= age <= 75", "18 <= age <= 80"))
        assert cli("amend", begun, "--actor", "Author", "--reason", "older patients").code == 0
        events = json.loads(cli("log", begun, "--json").out)
        assert [event["kind"] for event in events] == ["protocol_adopted", "protocol_amended"]
        assert events[1]["event"]["reason"] == "older patients"


class TestHelp:
    """Every command explains itself."""

    def test_every_command_has_help(self, cli):
        """Each command has a sentence of its own, and `--help` works on each."""
        from firstbreath.cli.main import commands

        for name, command in commands.commands.items():
            assert command.help, name
            assert cli(name, "--help").code == 0

    def test_completion_is_printed(self, cli):
        """Completion scripts are printed for the common shells."""
        for shell in ("bash", "zsh", "fish"):
            assert "firstbreath" in cli("completion", shell).out
