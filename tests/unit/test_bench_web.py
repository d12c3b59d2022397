"""The bench of the site counts rightly: statements, and what was acknowledged against what is in the log."""

from bench.web import Load, counted_statements, describe_load, find_lost, make_study
from tests.support.served import make_working_folder


def test_statements_of_both_databases_are_counted_and_each_row_once(tmp_path):
    from django.db import connection

    study = make_study(tmp_path / "study", 1)
    with counted_statements(study) as said:
        connection.cursor().execute("SELECT 1")
        head = study.store.head()
        study.store.append([b"one"], expected=head)
    assert [text.split()[0] for text in said] == ["SELECT", "SELECT", "BEGIN", "INSERT", "COMMIT"]


def test_save_that_was_acknowledged_and_is_not_in_the_log_is_found(tmp_path):
    study = make_working_folder(tmp_path / "study", "nora", subjects=2)
    assert find_lost(["S1", "S2"], study) == []
    assert find_lost(["S1", "S3"], study) == ["S3"]


def test_lost_saves_and_failed_answers_are_wrong():
    load = Load(0)
    load.took = [("page", 0.010), ("page", 0.030), ("save", 0.020)]
    assert describe_load(load, [], "SQLite", 1.0).wrong == ()
    load.failed.add("answered 500")
    wrong = describe_load(load, ["S3"], "SQLite", 1.0).wrong
    assert wrong == ("load, SQLite: 1 acknowledged saves are not in the log", "load, SQLite: answered 500")


def test_middle_and_slowest_answers_are_those_of_their_kind():
    load = Load(0)
    load.took = [("page", n / 1000) for n in range(1, 102)]
    found = {ratio.name: ratio.value for ratio in describe_load(load, [], "SQLite", 1.0).ratios}
    assert found["page, p50 ms, SQLite"] == 51
    assert found["page, p99 ms, SQLite"] == 100
    assert "save, p50 ms, SQLite" not in found
