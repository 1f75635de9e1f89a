"""A problem and its equations -> a program: numbers of the text become inputs, each equation an assignment.

Before::

    {"body": "A baker has 9 red boxes. He buys 3 bags of 4 boxes.", "question": "How many boxes does he have now?",
     "formula": "9+(3*4)=21", "answer": "21 (boxes)"}

After, with the input ``{"red_boxes": 9, "bags": 3, "boxes_per_bag": 4}``::

    def solution(red_boxes, bags, boxes_per_bag):
        boxes_in_bags = bags * boxes_per_bag
        boxes_now = red_boxes + boxes_in_bags
        return boxes_now
"""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from fractions import Fraction

from cotmill.collect.formulas.arithmetic import evaluate, module_call, number, solve
from cotmill.collect.formulas.notation import NotUnderstood, Step, is_worked, parse_formula
from cotmill.collect.formulas.operations import operation_names
from cotmill.collect.formulas.sentences import sentence_names
from cotmill.collect.formulas.worked import parse_worked
from cotmill.collect.formulas.workings import Result, Units, Workings
from cotmill.collect.formulas.write import FormulaProgram, write

__all__ = ["program_of"]


def program_of(problem: str, formula: str, answer: str, unit: str) -> FormulaProgram:
    """`answer` is the JSON text of the stated answer, `unit` its unit if stated. Raises NotUnderstood."""
    goal: object = json.loads(answer) if answer else None
    workings = Workings(problem, unit)
    if is_worked(formula):
        returned: Result | ast.expr = _worked(workings, parse_worked(formula), goal)
    else:
        returned = _Formula(workings, goal, unit).returned(*parse_formula(formula))
    return write(workings, returned, problem, unit)


def _worked(workings: Workings, steps: list[Step], goal: object) -> Result:
    """The last result that is the answer; where none is, the last, and execution will tell."""
    for step in steps:
        tree = workings.resolved(step.expressions[0], step.units)
        names, base = sentence_names(step)
        workings.add(workings.exact(tree, step.stated), names, base)
    wanted = _number(goal)
    found = [result for result in workings.results if result.value == wanted]
    return (found or workings.results)[-1]


class _Formula:
    """The equations of one formula, in order."""

    def __init__(self, workings: Workings, goal: object, unit: str) -> None:
        self.workings, self.goal, self.unit = workings, goal, unit

    def returned(self, steps: list[Step], unknowns: Mapping[str, str]) -> Result | ast.expr:
        last: Result | ast.expr | None = None
        for step in steps:
            match step.kind:
                case "value" if step.remainder is not None:
                    last = self._division(step)
                case "value":
                    last = self.workings.assigned(
                        self.workings.resolved(step.expressions[0], step.units), step.stated
                    )  # fmt: skip
                case "solve":
                    last = self._solved(step, unknowns)
                case "ratio":
                    last = self._ratio(step)
                case "compare":
                    last = self._compared(step)
                case "time":
                    last = self._time_of_day(last, step)
        if last is None:
            raise NotUnderstood("no equation")
        return last

    def _division(self, step: Step) -> Result:
        """`42/12=3 r6`: the quotient, the remainder, or one more than the quotient, whichever the answer is."""
        match step.expressions[0]:
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                a, b = (self.workings.atom(self.workings.resolved(side, step.units)) for side in (left, right))
            case _:
                raise NotUnderstood("a remainder of what is no division")
        quotient = self._added(ast.BinOp(a, ast.FloorDiv(), b))
        remainder = self._added(ast.BinOp(a, ast.Mod(), b))
        wanted = _number(self.goal)
        if wanted == remainder.value != quotient.value:
            return remainder
        if wanted == quotient.value + 1:
            return self._added(module_call("math.ceil", ast.BinOp(a, ast.Div(), b)))
        return quotient

    def _added(self, tree: ast.expr) -> Result:
        names = operation_names(tree, self.workings.bases(tree))
        return self.workings.add(tree, names, names[0].removeprefix("total "))

    def _solved(self, step: Step, unknowns: Mapping[str, str]) -> Result:
        """`5x-28=232`."""
        if len(unknowns) != 1:
            raise NotUnderstood(f"{len(unknowns)} unknowns in {' = '.join(map(ast.unparse, step.expressions))}")
        ((name, label),) = unknowns.items()
        left, right = (self.workings.resolved(side) for side in step.expressions)
        tree = solve(left, right, name)
        label = label.removeprefix("The ").replace("number of ", "")
        result = self.workings.add(tree, [label or self.unit or "unknown number", "unknown number"], label)
        result.is_unknown = bool(label)
        return result

    def _ratio(self, step: Step) -> Result | ast.expr:
        """`8:10=4:5` is shortened; of `5:4=45:36` the term that the text does not say is worked out."""
        if isinstance(self.goal, str) and ":" in self.goal:
            return self._shortened(step)
        if len(step.expressions) != 4:
            if not self.workings.results:
                raise NotUnderstood("a ratio without an equation")
            return self.workings.results[-1]
        values = [evaluate(term, {}) for term in step.expressions]
        wanted = _number(self.goal)
        fits = [place for place in (3, 2, 1, 0) if values[place] == wanted]
        missing = next((place for place in fits if place > 1 or not self.workings.knows(values[place])), 3)
        known = {place: self._term(step.expressions[place]) for place in range(4) if place != missing}
        product = ast.BinOp(known[missing ^ 1], ast.Mult(), known[missing ^ 2])
        tree = ast.BinOp(product, ast.FloorDiv(), known[missing ^ 3])
        if evaluate(tree, self.workings.values) != values[missing]:
            raise NotUnderstood("a ratio that does not hold")
        return self.workings.add(tree, [self.unit or "amount"], self.unit)

    def _shortened(self, step: Step) -> ast.expr:
        a, b = (self.workings.atom(self.workings.resolved(term)) for term in step.expressions[:2])
        divisor = self.workings.add(module_call("math.gcd", a, b), ["divisor"], "")
        one, two = (
            ast.FormattedValue(ast.BinOp(side, ast.FloorDiv(), self.workings.use(divisor.key)), -1) for side in (a, b)
        )
        return ast.JoinedStr([one, ast.Constant(":"), two])

    def _term(self, term: ast.expr) -> ast.expr:
        """A term of a ratio; where the text does not say it, the sum of the terms that it says: 5 of 2:3."""
        workings, tokens = self.workings, self.workings.tokens
        if isinstance(term, ast.Constant) and not workings.knows(evaluate(term, {})):
            parts = [
                f"@{index}"
                for index, mention in enumerate(workings.mentions)
                if ":" in (*tokens[mention.end : mention.end + 1], *tokens[max(0, mention.begin - 1) : mention.begin])
            ]
            if len(parts) > 1 and sum(workings.values[key] for key in parts) == evaluate(term, {}):
                tree: ast.expr = workings.use(parts[0])
                for key in parts[1:]:
                    tree = ast.BinOp(tree, ast.Add(), workings.use(key))
                return workings.use(workings.add(tree, ["total shares"], "shares").key)
        return workings.atom(workings.resolved(term))

    def _compared(self, step: Step) -> ast.expr:
        """`24 cm(Tommy) < 24+12=36 cm(Sara)`: whose it is; Yes or No, where that is the answer, asks for enough."""
        left, right = (self._side(side.expression, side.label, step.units) for side in step.sides)
        labels = [side.label for side in step.sides]
        if self.goal in ("Yes", "No"):
            return ast.IfExp(ast.Compare(left, [ast.GtE()], [right]), ast.Constant("Yes"), ast.Constant("No"))
        if self.goal not in labels or step.text == "equals":
            raise NotUnderstood("a comparison whose answer is none of its sides")
        operator = ast.Gt() if (step.text == ">") == (self.goal == labels[0]) else ast.Lt()
        test = ast.Compare(left, [operator], [right])
        return ast.IfExp(test, ast.Constant(labels[0]), ast.Constant(labels[1]))

    def _side(self, tree: ast.expr, label: str, units: Units) -> ast.expr:
        resolved = self.workings.resolved(tree, units)
        if isinstance(resolved, (ast.Name, ast.Constant)):
            return resolved
        result = self.workings.assigned(resolved)
        if label:
            noun = result.base.partition(" per ")[0].split()[-1] if result.base else "amount"
            result.names.insert(0, f"{label} {noun}")
        return self.workings.use(result.key)

    def _time_of_day(self, last: Result | ast.expr | None, step: Step) -> ast.expr:
        """`955/60 (min/hour)=15 r55; hh:mm=15:55`."""
        time, _, half = step.text.partition(" ")
        match last:
            case Result(expression=ast.BinOp(left=total, op=ast.FloorDiv(), right=sixty)) if time.count(":") == 1:
                hour: ast.expr = last.expression
            case _:
                raise NotUnderstood(f"a time of day that is no division by 60: {step.text}")
        if last.value > 12 and Fraction(time.partition(":")[0]) == last.value - 12:
            hour = ast.BinOp(hour, ast.Sub(), ast.Constant(12))
        hours = self.workings.add(hour, ["end hour", "hour of the answer"], "")
        minutes = self.workings.add(ast.BinOp(total, ast.Mod(), sixty), ["end minute", "minute of the answer"], "")
        two_digits = ast.JoinedStr([ast.Constant("02d")])
        return ast.JoinedStr([
            ast.FormattedValue(self.workings.use(hours.key), -1), ast.Constant(":"),
            ast.FormattedValue(self.workings.use(minutes.key), -1, two_digits),
            *([ast.Constant(f" {half}")] if half else []),
        ])  # fmt: skip


def _number(goal: object) -> Fraction | None:
    return number(goal) if isinstance(goal, (int, float)) and not isinstance(goal, bool) else None
