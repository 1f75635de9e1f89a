"""Reading a run folder."""

from __future__ import annotations

import fcntl
import json

import pytest

from cotmill.base.ledger import Commit, Ledger, RunFolderError
from cotmill.base.records import Draft, Execution, Lineage, Program, Question, Rejected, Sample, Seed, Verified
from cotmill.base.shards import write_shard, write_text
from cotmill.view.folder import find, open_run, status, verify
from view.synthetic import STAGES, build, pair_id


def test_status_says_what_the_ledger_says(run):
    """In = out + rejected at each stage, out of one is in of the next, and the last out is the number of samples."""
    facts = status(open_run(run.folder))
    assert [stage["stage"] for stage in facts["stages"]] == list(STAGES)
    for stage, after in zip(facts["stages"], [*facts["stages"][1:], None], strict=True):
        assert stage["in"] == stage["out"] + sum(stage["rejected"].values())
        assert stage["rejected"] == dict(run.rejected[stage["stage"]])
        assert after is None or after["in"] == stage["out"]
    assert (facts["pairs_in"], facts["samples"], facts["state"]) == (60, run.samples, "complete")
    assert json.loads(json.dumps(facts)) == facts


def test_an_unfinished_run_is_read_as_far_as_it_is_committed(tmp_path):
    """A run that stopped behind the fourth stage is unfinished, has no samples, and a pair is followed up to there."""
    made = build(tmp_path / "run", 40, begun=4, complete=False)
    view = open_run(made.folder)
    facts = status(view)
    assert (facts["state"], facts["samples"], len(facts["stages"])) == ("unfinished", 0, 4)
    assert [stage for stage, _ in find(view, pair_id(1))] == list(STAGES[:4])


def test_a_torn_ledger_line_is_left_out(tmp_path):
    """A kill in the middle of a line costs that shard, not the view, and the run is no longer complete."""
    made = build(tmp_path / "run", 60)
    ledger = made.folder / "ledger" / f"{STAGES[-1]}.jsonl"
    ledger.write_bytes(ledger.read_bytes()[:-20])
    facts = status(open_run(made.folder))
    assert facts["state"] == "unfinished"
    assert 0 < facts["samples"] < made.samples


def test_a_locked_run_is_running(tmp_path):
    """Who holds the lock is at work, whatever run.json of an earlier call says; looking takes no lock."""
    made = build(tmp_path / "run", 20)
    with (made.folder / ".lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert open_run(made.folder).state == "running"
    assert open_run(made.folder).state == "complete"


def test_a_sample_is_found_in_every_stage(run):
    """One record per stage, each of the stage's class and each with the pair in it."""
    found = find(open_run(run.folder), pair_id(41))
    assert [stage for stage, _ in found] == list(STAGES)
    classes = (Seed, Program, Program, Execution, Question, Draft, Verified, Sample, Sample)
    assert tuple(type(record) for _, record in found) == classes
    assert all(pair_id(41) in record.pair_ids() for _, record in found)


@pytest.mark.parametrize(("pair", "stages"), [(3, 2), (8, 4), (13, 7), (59, 9)])
def test_a_reject_is_found_up_to_the_stage_that_turned_it_away(run, pair, stages):
    """The last entry is the Rejected, the entries before it are records."""
    found = find(open_run(run.folder), pair_id(pair))
    assert [stage for stage, _ in found] == list(STAGES[:stages])
    *records, last = [record for _, record in found]
    assert isinstance(last, Rejected)
    assert last.id == pair_id(pair)
    assert not any(isinstance(record, Rejected) for record in records)


def test_a_pair_is_found_in_a_program_of_several(tmp_path):
    """Seeds and programs hold several pairs; one pair's reject does not hide the others."""
    write_text(tmp_path / "recipe.yaml", "name: several\n")
    seeds = [
        Seed(f"s-{n}", "s", "", "", "x = 1", "", ('{"a": 1}', '{"a": 2}', '{"a": 3}'), ("", "", "")) for n in (1, 2, 3)
    ]
    kept = [
        Program(
            seed.id,
            "s",
            "",
            "",
            "x = 1",
            pairs,
            seed.inputs[: len(pairs)],
            seed.answers[: len(pairs)],
            Lineage(seed.id),
        )
        for seed in seeds
        for pairs in [tuple(pair for pair in seed.pair_ids() if pair != "s-2.1")]
    ]
    ledger = Ledger(tmp_path, write=True)
    for stage, cls, records, rejects in (
        (STAGES[0], Seed, seeds, []),
        (STAGES[1], Program, kept, [Rejected("s-2.1", "collect.unify", "bad-input", "", "")]),
    ):
        files = {f"{stage}/part-00000.parquet": write_shard(tmp_path / stage / "part-00000.parquet", cls, records)}
        if rejects:
            path = f"rejects/{stage}/part-00000.parquet"
            files[path] = write_shard(tmp_path / path, Rejected, rejects)
        counts = dict.fromkeys((reject.reason for reject in rejects), 1)
        ledger.commit(Commit(stage, 0, 1, 9, 9 - len(rejects), counts, files, 0.0, 0.0, last=True))
    ledger.close()
    view = open_run(tmp_path)
    assert [record for _, record in find(view, "s-3.2")] == [seeds[2], kept[2]]
    assert [record for _, record in find(view, "s-2.2")] == [seeds[1], kept[1]]
    assert [type(record) for _, record in find(view, "s-2.1")] == [Seed, Rejected]


def test_an_unknown_pair_is_not_found(run):
    """Neither a foreign id nor an input that a known program does not have."""
    view = open_run(run.folder)
    assert find(view, "nothing") == []
    assert find(view, pair_id(1).replace(".0", ".1")) == []


def test_every_pair_is_found(run):
    """Twenty pairs lead to a sample or to a reject, as the counts say."""
    view = open_run(run.folder)
    last = [find(view, pair_id(pair))[-1][1] for pair in range(30, 50)]
    assert sum(isinstance(record, Sample) for record in last) == 15
    assert sum(isinstance(record, Rejected) for record in last) == 5


def test_verify_names_each_file_that_is_not_as_committed(tmp_path):
    """A changed shard, a missing reject and a changed data set are three problems; an intact run has none."""
    made = build(tmp_path / "run", 40)
    assert verify(open_run(made.folder)) == []
    (made.folder / STAGES[0] / "part-00000.parquet").write_bytes(b"other")
    next((made.folder / "rejects").rglob("*.parquet")).unlink()
    next((made.folder / "dataset").rglob("*.parquet")).write_bytes(b"other")
    problems = verify(open_run(made.folder))
    assert sorted(problem.rpartition(" is ")[2] or problem for problem in problems if "missing" in problem) == [
        "missing"
    ]
    assert sum("has changed" in problem for problem in problems) == 2


def test_what_is_not_a_run_is_a_clear_error(tmp_path):
    """No folder, and a folder of something else, each by name."""
    with pytest.raises(RunFolderError, match="no folder"):
        open_run(tmp_path / "nowhere")
    with pytest.raises(RunFolderError, match=r"not a cotmill run: it holds no recipe\.yaml"):
        open_run(tmp_path)
