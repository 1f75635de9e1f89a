"""The command line: parses and delegates. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from cotmill import __version__
from cotmill.base.stage import CotmillError

__all__ = ["app", "main"]

app = typer.Typer(
    name="cotmill",
    help="Training data for reasoning models, made out of code that ran.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

train_app = typer.Typer(help="Train a model on what a run has proven.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(train_app, name="train")

JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON.")]
OutOption = Annotated[Path, typer.Option("--out", help="Folder of the run; an unfinished run in it is continued.")]
Workers = Annotated[
    int | None, typer.Option("--workers", min=1, max=1024, help="Worker processes; one per core by default.")
]
Settings = Annotated[list[str] | None, typer.Option("--set", help="section.key=value over the recipe's.")]
RunFolder = Annotated[Path, typer.Argument(help="Folder of a run.")]
ProgramFile = Annotated[Path | None, typer.Argument(help="A Python file in the unified form.", show_default=False)]
Rows = Annotated[Path | None, typer.Option("--jsonl", help="Rows to work on, one JSON object per line.")]
RowsOut = Annotated[Path | None, typer.Option("--out", help="Where result rows go; the terminal by default.")]
InputOption = Annotated[str, typer.Option("--input", help="JSON object of arguments, in place of the program's own.")]
MaxLines = Annotated[int, typer.Option("--max-lines", min=1, help="Limit of line events.")]

# What `demo --learn` adds to its recipe: a minute or two on two cores.
LEARN = (
    "compose.candidates=200", "compose.generator.share=0.6", "compose.generator.augment=2000",
    "compose.generator.steps=600", "compose.generator.max_tokens=200",
)  # fmt: skip


def main() -> None:
    """Entry point: a user's mistake is one message on stderr and exit status 1; a bug keeps its traceback."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that lacks a character stops nothing
    try:
        app()
    except CotmillError as error:
        print(f"cotmill: {error}", file=sys.stderr)
        sys.exit(1)
    except OSError as error:  # a file or folder that cannot be made, read or written
        where = f"{error.filename}: {error.strerror}" if error.filename else error.strerror or error
        print(f"cotmill: {where}", file=sys.stderr)
        sys.exit(1)


@contextmanager
def _interruptible(message: str) -> Iterator[None]:
    """Ctrl-C is one message and exit status 130."""
    try:
        yield
    except KeyboardInterrupt:
        print(f"cotmill: stopped; {message}", file=sys.stderr)
        raise typer.Exit(130) from None


def _version(wanted: bool) -> None:
    if wanted:
        print(__version__)
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print it.")] = False,
) -> None:
    pass


@app.command()
def demo(
    out: OutOption = Path("demo-run"),
    learn: Annotated[
        bool, typer.Option("--learn", help="Train a small code generator too, and let it write programs.")
    ] = False,
    workers: Workers = None,
) -> None:
    """Run the laptop recipe on the built-in programs.

    End to end, in minutes; no GPU, no network, and no model but with --learn. Prints the funnel and where the report
    is.
    """
    from cotmill.base.recipe import load_recipe

    _run(load_recipe("demo", LEARN if learn else ()), out, workers)


@app.command()
def init(name: Annotated[str, typer.Argument(help="Name of the recipe; NAME.yaml is written.")] = "recipe") -> None:
    """Write a commented recipe to start from."""
    from cotmill.base.recipe import commented_recipe
    from cotmill.base.shards import write_text

    path = Path(name if name.endswith((".yaml", ".yml")) else f"{name}.yaml")
    if path.exists():
        raise CotmillError(f"{path} exists already; choose another name")
    write_text(path, commented_recipe(path.stem))
    print(f"wrote {path}; run it with: cotmill run {path} --out RUN")


@app.command()
def recipes(
    students: Annotated[bool, typer.Option("--students", help="Those of `train student` in their place.")] = False,
    ablations: Annotated[bool, typer.Option("--ablations", help="The plans of `ablate` in their place.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """List the built-in recipes."""
    from cotmill.base.recipe import built_in, load_recipe
    from cotmill.student.ablation_plan import built_in_plans, load_plan
    from cotmill.student.settings import built_in_students, load_student

    if students:
        found = {name: load_student(name).description for name in built_in_students()}
    elif ablations:
        found = {name: load_plan(name).description for name in built_in_plans()}
    else:
        found = {name: load_recipe(name).description for name in built_in()}
    print(json.dumps(found, indent=2) if as_json else "\n".join(f"{name:12} {text}" for name, text in found.items()))


@app.command()
def prompts(
    name: Annotated[str, typer.Argument(help="One of them: its text, to start an own one from.")] = "",
    as_json: JsonFlag = False,
) -> None:
    """List the built-in prompts, or print one.

    A recipe names an own file instead: model.solve.prompt: my_solve.jinja
    """
    from cotmill.backends.model_tasks import built_in_prompts

    found = built_in_prompts()
    if name and name not in found:
        raise CotmillError(f"no prompt {name!r}; there are {', '.join(found)}")
    if name:
        prompt, _ = found[name]
        print(json.dumps({"id": prompt.id, "text": prompt.text}) if as_json else prompt.text.rstrip())
    elif as_json:
        print(json.dumps({own: prompt.id for own, (prompt, _) in found.items()}, indent=2))
    else:
        print("\n".join(f"{own:15} {prompt.id:28} {what}" for own, (prompt, what) in found.items()))


@app.command()
def run(
    recipe: Annotated[str, typer.Argument(help="A built-in recipe's name, or a file.")],
    seeds: Annotated[
        list[Path] | None, typer.Option("--seeds", help="File or folder of seeds; may be repeated.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder of the run; runs/<recipe> by default.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=0, help="Read at most so many seeds; 0 reads all.")] = 0,
    settings: Settings = None,
    workers: Workers = None,
    as_json: JsonFlag = False,
) -> None:
    """Run a recipe, or continue its run."""
    from cotmill.base.recipe import load_recipe

    loaded = load_recipe(recipe, tuple(settings or ()), seeds=tuple(seeds or ()), limit=limit)
    _run(loaded, out or Path("runs") / loaded.name, workers, as_json)


def _run(recipe: Any, out: Path, workers: int | None, as_json: bool = False) -> None:
    from cotmill import runner
    from cotmill.backends.engine_local import LocalEngine
    from cotmill.execute.isolation import warning
    from cotmill.execute.witnesses import sandbox
    from cotmill.view.progress import progress
    from cotmill.view.report import write_report
    from cotmill.view.runs import open_run
    from cotmill.view.terminal import print_funnel

    with sandbox(recipe.execute, 0) as box:
        _warn(warning(box.layers()))
    with _interruptible("the same command continues where it was"), progress() as show:
        summary = runner.run(recipe, out, LocalEngine(workers), show)
        page = write_report(out)
    if as_json:
        print(json.dumps(summary))
    else:
        print_funnel(open_run(out))
        print(f"\ndata set  {out / 'dataset'}\nreport    {page}")
    if not summary["samples"] and not summary["stopped"]:
        raise CotmillError("no sample came out; the funnel above and `cotmill report` say what was rejected and why")


def _warn(text: str) -> None:
    if text:
        print(f"cotmill: {text}", file=sys.stderr)


@app.command()
def status(
    run_folder: RunFolder,
    as_json: JsonFlag = False,
    check_files: Annotated[bool, typer.Option("--verify", help="Compare every file with the ledger's sha256.")] = False,
) -> None:
    """Show the funnel of a run, finished or not."""
    from cotmill.view.runs import open_run, verify
    from cotmill.view.runs import status as status_of
    from cotmill.view.terminal import print_funnel

    view = open_run(run_folder)
    if as_json:
        print(json.dumps(status_of(view)))
    else:
        print_funnel(view)
    if check_files and (problems := verify(view)):
        raise CotmillError("files differ from the ledger:\n  " + "\n  ".join(problems))


@app.command()
def report(run_folder: RunFolder) -> None:
    """Write the run's report page."""
    from cotmill.view.report import write_report

    print(write_report(run_folder))


@app.command()
def show(
    run_folder: RunFolder, id: Annotated[str, typer.Argument(help="Id of a pair.")], as_json: JsonFlag = False
) -> None:
    """Show one pair through every stage."""
    from cotmill.base.shards import as_json as record_json
    from cotmill.view.runs import find, open_run
    from cotmill.view.terminal import print_records

    found = find(open_run(run_folder), id)
    if not found:
        raise CotmillError(f"{run_folder} has no pair {id!r}; ids stand in dataset/ and in rejects/")
    if as_json:
        print(json.dumps([{"stage": stage, "record": json.loads(record_json(record))} for stage, record in found]))
    else:
        print_records(found)


@app.command("exec")
def exec_(
    file: ProgramFile = None,
    jsonl: Rows = None,
    out: RowsOut = None,
    input: InputOption = "",
    once: Annotated[bool, typer.Option("--once", help="Skip the second run that finds nondeterminism.")] = False,
    layers: Annotated[bool, typer.Option("--layers", help="Say what protects this machine, and stop.")] = False,
    workers: Workers = None,
    as_json: JsonFlag = False,
) -> None:
    """Run programs in the sandbox.

    Rows {id, code, input?} become {id, status, output, answer, error, cpu_ms, wall_ms, peak_mb, stdout, isolation}.
    With one FILE the exit status is 0 if the program's status is ok.
    """
    from cotmill import rows
    from cotmill.execute.isolation import SAFE_TIERS, objection, table, warning

    if layers:
        ready = rows.machine_layers()
        print(json.dumps(ready, indent=2) if as_json else table(ready))
        if problem := objection(ready, SAFE_TIERS, ()):
            raise CotmillError(problem)
        _warn(warning(ready))
        return
    row = _work_rows(rows.exec_rows, {"once": once}, file, jsonl, out, input, workers)
    if row is not None:
        print(json.dumps(row) if as_json else rows.tell_execution(row))
        raise typer.Exit(0 if row["status"] == "ok" else 1)


@app.command()
def trace(
    file: ProgramFile = None,
    jsonl: Rows = None,
    out: RowsOut = None,
    input: InputOption = "",
    max_lines: MaxLines = 10_000,
    workers: Workers = None,
    as_json: JsonFlag = False,
) -> None:
    """Show the trace of a program.

    Rows {id, code, input?} become {id, status, error, trace}.
    """
    from cotmill import rows

    row = _work_rows(rows.trace_rows, {"max_lines": max_lines}, file, jsonl, out, input, workers)
    if row is not None:
        print(json.dumps(row) if as_json else rows.tell_trace(row))
        raise typer.Exit(0 if row["status"] == "ok" else 1)


@app.command()
def narrate(
    file: ProgramFile = None,
    jsonl: Rows = None,
    out: RowsOut = None,
    input: InputOption = "",
    max_lines: MaxLines = 300,
    workers: Workers = None,
    as_json: JsonFlag = False,
) -> None:
    """Tell a program step by step.

    The deterministic chain of thought. Rows {id, code, input?, problem?} become {id, status, error, problem, solution,
    answer}.
    """
    from cotmill import rows

    row = _work_rows(rows.narrate_rows, {"max_lines": max_lines}, file, jsonl, out, input, workers)
    if row is not None:
        print(json.dumps(row) if as_json else row["solution"] or f"{row['status']}: {row['error']}")
        raise typer.Exit(0 if row["status"] == "ok" else 1)


@app.command()
def check(
    jsonl: Annotated[Path, typer.Option("--jsonl", help="Rows {id, code, input, solution, answer?, problem?}.")],
    out: RowsOut = None,
    mode: Annotated[
        Literal["strict", "provenance"],
        typer.Option(help="strict: the text tells this very run; provenance: it was written without the program."),
    ] = "strict",
    max_lines: MaxLines = 10_000,
    workers: Workers = None,
) -> None:
    """Check solutions claim by claim.

    Each claim of the text against the trace of the program: rows become {id, verdict, answer_ok, claims, coverage,
    reason}.
    """
    from cotmill import rows

    _work_rows(rows.check_rows, {"max_lines": max_lines, "mode": mode}, None, jsonl, out, "", workers)


@app.command()
def compose(
    run_folder: RunFolder,
    out: Annotated[Path, typer.Option("--out", help="JSONL file, a row for each program and input.")],
    count: Annotated[int, typer.Option("--count", min=1, help="Programs to compose.")] = 100,
    generator: Annotated[
        Path | None, typer.Option("--generator", help="A trained code generator writes them all; see `train codegen`.")
    ] = None,
    settings: Settings = None,
    as_json: JsonFlag = False,
) -> None:
    """Compose new programs out of those of a run.

    As compose of its recipe says. Nothing is executed but to find inputs: rows go on to `cotmill exec --jsonl`.
    """
    from cotmill.composing import compose
    from cotmill.view.progress import progress

    with progress() as show:
        found = compose(run_folder, out, count, tuple(settings or ()), generator, show)
    if as_json:
        print(json.dumps(found))
    else:
        rejected = "".join(f", {reason} {pairs}" for reason, pairs in found.most_common() if reason != "rows")
        print(f"wrote {found['rows']} rows to {out}{rejected}")


@app.command()
def export(
    out: Annotated[Path, typer.Option("--out", help="JSONL file, there when it is whole; lm-eval: a folder.")],
    run_folder: Annotated[
        Path | None, typer.Argument(metavar="[RUN]", exists=True, file_okay=False, help="Folder of a run.")
    ] = None,
    format: Annotated[
        str, typer.Option("--format", help="trl: for SFTTrainer; trl-prm: steps with labels; lm-eval: benchmarks.")
    ] = "trl",
    benchmarks: Annotated[
        list[Path] | None, typer.Option("--benchmark", help="lm-eval: a benchmark file; may be repeated.")
    ] = None,
    negatives: Annotated[
        int, typer.Option("--negatives", min=0, help="trl-prm: attempts per sample to make a solution with a slip.")
    ] = 1,
    seed: Annotated[int, typer.Option("--seed", help="trl-prm: of the choice of slips.")] = 0,
    workers: Workers = None,
    as_json: JsonFlag = False,
) -> None:
    """Write a run's data set as a file for a trainer."""
    from cotmill.exporting import Order, export
    from cotmill.view.progress import progress

    with _interruptible("nothing is written; the same command begins anew"), progress() as show:
        done = export(format, Order(out, run_folder, negatives, seed, workers, show.begin, tuple(benchmarks or ())))
    if as_json:
        print(json.dumps(done))
        return
    print(f"wrote {done.pop('rows'):,} rows to {out}")
    for name, value in done.items():
        counts = ", ".join(f"{key} {n:,}" for key, n in value.items()) if isinstance(value, dict) else f"{value:,}"
        print(f"{name.replace('_', ' ')}: {counts or 'none'}")


@train_app.command("codegen")
def train_codegen(
    run_folder: RunFolder,
    out: Annotated[Path, typer.Option("--out", help="Folder of the model; an unfinished training is continued.")],
    settings: Settings = None,
    as_json: JsonFlag = False,
) -> None:
    """Train a code generator on the programs of a run.

    As compose.generator of its recipe says; --set compose.generator.checkpoint=PATH fine-tunes a model. Under
    `accelerate launch --no_python cotmill train codegen ...` it runs on several devices.
    """
    from cotmill.training import train_codegen
    from cotmill.view.progress import progress

    follows = os.environ.get("RANK", "0") != "0"  # of several processes one speaks
    with _interruptible("the same command goes on from the last checkpoint"), progress(quiet=follows) as show:
        done = train_codegen(
            run_folder, out, tuple(settings or ()),
            lambda step, steps, loss: show.begin(f"training, step {step} of {steps}, loss {loss:.3f}"),
        )  # fmt: skip
    if as_json and not follows:
        print(json.dumps(done))
    elif not follows:
        print(
            f"model            {out}\nparameters       {done['parameters']:,}\n"
            f"programs         {done['programs']:,} learned, {done['held_out']} held out\n"
            f"steps            {done['steps']} ({done['tokens']:,} tokens), ended by {done['stopped']}\n"
            f"held-out loss    {done['held_out_loss']:.3f} at step {done['best_step']}"
        )


@app.command()
def evaluate(
    model: Annotated[
        str, typer.Argument(help="Folder of a student, any checkpoint or hub name; with --endpoint its served name.")
    ],
    run_folder: Annotated[Path | None, typer.Option("--run", help="A run, for its held-out problems.")] = None,
    benchmarks: Annotated[
        list[Path] | None,
        typer.Option("--benchmark", help="JSONL, Parquet or CSV file such as GSM8K's; may be repeated."),
    ] = None,
    fields: Annotated[
        list[str] | None,
        typer.Option("--field", help="problem=COLUMN, answer=COLUMN, ... for benchmark files of no known kind."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder of the evaluation; one in evaluations/ by default.")
    ] = None,
    endpoints: Annotated[
        list[str] | None, typer.Option("--endpoint", help="URL of an OpenAI-compatible server; may be repeated.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=0, help="First problems of each; 0 takes all.")] = 0,
    samples: Annotated[int, typer.Option("--samples", min=1, help="Texts for each problem.")] = 1,
    temperature: Annotated[float, typer.Option("--temperature", min=0, help="0 is greedy.")] = 0.0,
    max_tokens: Annotated[int, typer.Option("--max-tokens", min=1, help="Longest text.")] = 1024,
    as_json: JsonFlag = False,
) -> None:
    """Measure a model on held-out problems and benchmarks.

    Answers are compared as everywhere in Cotmill; steps of held-out problems are checked against their traces.
    """
    from cotmill.evaluating import Examination, evaluate_model
    from cotmill.student.evaluate import Settings as Drawing
    from cotmill.view.evaluation import print_evaluation
    from cotmill.view.progress import progress

    drawing = Drawing(samples=samples, temperature=temperature, max_tokens=max_tokens)
    named = dict(field.partition("=")[::2] for field in fields or ())
    asked = Examination(run_folder, tuple(benchmarks or ()), named, limit, drawing)
    if samples > 1 and not temperature:
        raise typer.BadParameter("greedy texts are all alike; give --temperature too", param_hint="--samples")
    with _interruptible("the same command goes on where it was"), progress() as show:
        show.begin("reading the model")
        folder, found = evaluate_model(
            model,
            endpoints or (),
            asked,
            out,
            lambda doing, done, of: show.begin(f"{doing} {done:,} of {of:,} problems"),
        )
    if as_json:
        print(json.dumps(found))
    else:
        print_evaluation(found)
        print(f"\neach text with its grade  {folder / 'graded.jsonl'}")


@train_app.command("student")
def train_student(
    run_folder: RunFolder,
    out: Annotated[Path, typer.Option("--out", help="Folder of the model; an unfinished training is continued.")],
    student: Annotated[
        str, typer.Option("--student", help="laptop, caco, egr or a YAML file; see `cotmill recipes --students`.")
    ] = "laptop",
    settings: Annotated[list[str] | None, typer.Option("--set", help="key=value over the student's settings.")] = None,
    seed: Annotated[
        int, typer.Option("--seed", help="Of its weights, of the order of samples, of what is held out.")
    ] = 0,
    as_json: JsonFlag = False,
) -> None:
    """Train a student on the data set of a run.

    By default a small model from scratch; --set checkpoint=PATH fine-tunes a model. Samples of some programs are held
    out, to examine it: `cotmill evaluate MODEL --run RUN`. Under `accelerate launch --no_python cotmill train student
    ...` it runs on several devices.
    """
    from cotmill.training import train_student
    from cotmill.view.progress import progress

    follows = os.environ.get("RANK", "0") != "0"  # of several processes one speaks
    with _interruptible("the same command goes on from the last checkpoint"), progress(quiet=follows) as show:
        done = train_student(
            run_folder, out, student, tuple(settings or ()), seed,
            lambda step, steps, loss: show.begin(f"training, step {step} of {steps}, loss {loss:.3f}"),
        )  # fmt: skip
    if as_json and not follows:
        print(json.dumps(done))
    elif not follows:
        last = done["curve"][-1]
        held_out = f", held out {last['held_out_loss']:.3f}" if "held_out_loss" in last else ""
        print(
            f"model            {out}\nparameters       {done['parameters']:,}\n"
            f"samples          {done['samples']:,} learned, {done['held_out']:,} held out, "
            f"{done['left_out']:,} too long\n"
            f"steps            {done['steps']:,} ({done['tokens']:,} tokens, {done['epochs']} epochs)\n"
            f"loss             {last['loss']:.3f}{held_out}"
        )


@app.command()
def ablate(
    plan: Annotated[str, typer.Argument(help="A built-in plan's name, or a file.")] = "small",
    run_folder: Annotated[
        Path | None, typer.Option("--run", help="The run whose samples are taught; by default one of drills is made.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder; ablations/<plan> by default.")] = None,
    settings: Settings = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Students at a time; one per core by default, 4 on a GPU.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Compare what teaches how well.

    Students that learn from the same samples, told in different ways: same tokens, same seeds, same examination. One
    table and one plot, with intervals.
    """
    from cotmill.ablating import ablate
    from cotmill.student.ablation_plan import load_plan
    from cotmill.view.ablation import print_ablation
    from cotmill.view.progress import progress

    loaded = load_plan(plan, tuple(settings or ()))
    with _interruptible("the same command goes on where it was"), progress() as show:
        found, page = ablate(loaded, run_folder, out or Path("ablations") / Path(plan).stem, workers, show)
    if as_json:
        print(json.dumps(found))
    else:
        print_ablation(found)
        print(f"\nplot and curves  {page}")


def _work_rows(
    work: Callable[..., list[dict[str, Any]]],
    options: dict[str, Any],
    file: Path | None,
    jsonl: Path | None,
    out: Path | None,
    input: str,
    workers: int | None,
) -> dict[str, Any] | None:
    """One file -> its result row; a JSONL file -> all result rows written, None."""
    from cotmill import rows

    if (file is None) == (jsonl is None):
        raise typer.BadParameter("give either a FILE or --jsonl IN", param_hint="FILE")
    if file is not None:
        if out is not None:
            raise typer.BadParameter("goes with --jsonl; the result of one FILE is printed", param_hint="--out")
        row = rows.row_of_file(file, input)
        _warn(rows.machine_warning())
        return work([row], **options)[0]
    assert jsonl is not None  # one of the two is given
    if input:
        raise typer.BadParameter("goes with one FILE; rows have their own inputs", param_hint="--input")
    with _interruptible("result rows so far are written"), jsonl.open("rb") as lines:
        _warn(rows.machine_warning())
        with _sink(out, jsonl) as write:
            rows.work_jsonl(work, options, lines, write, workers)
    return None


@contextmanager
def _sink(out: Path | None, source: Path) -> Iterator[Callable[[str], Any]]:
    if out is None:
        yield lambda line: sys.stdout.write(line + "\n")
        return
    if out.exists() and out.samefile(source):
        raise CotmillError(f"--out {out} is the file that is read; choose another")
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("w", encoding="utf-8") as stream:
        yield lambda line: stream.write(line + "\n")
