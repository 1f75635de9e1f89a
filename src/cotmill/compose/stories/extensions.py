"""What a problem can go on to ask about its result: a discount on a cost, boxes for things, a wage for hours.

Each row says what kind of quantity it takes, the inputs it adds and the steps it takes. In the steps `{r}` is the
result so far, `{things}` and `{thing}` the noun that is counted or the unit of a measure.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from cotmill.compose.stories.quantities import Quantity, of_name, plural, words_of
from cotmill.compose.stories.sense import plain
from cotmill.compose.stories.story import Story, fresh, renamed
from cotmill.compose.stories.vocabulary import ACHIEVED, GOODS, PEOPLE, listed

__all__ = ["EXTENSIONS", "Extension", "extended", "fitting"]

Draw = Callable[[random.Random, float], float]  # (chance, the result so far) -> value of a new input


@dataclass(frozen=True, slots=True)
class Extension:
    name: str
    kind: str  # as in Quantity, "cost" or "income" for money, "people" and "things" for some counts,
    # "measure" for a weight or volume
    unit: str  # the unit that the result must have; empty where any will do
    inputs: dict[str, Draw]
    steps: tuple[str, ...]  # the last one gives the new result
    asked: Quantity | None = None  # what it is, where its name does not say
    about: frozenset[str] = frozenset()  # words, of which the story's names must have one; any story where empty


def _pick(*values: float) -> Draw:
    return lambda rng, _: rng.choice(values)


def _round(value: float) -> float:
    """As a person would choose it: two leading digits at most, none after the point from 10 on."""
    if value < 10:
        return max(1, round(value))
    grain = 10 ** (len(str(int(value))) - 2)
    return int(round(value / grain) * grain)


def _part(*shares: float) -> Draw:
    return lambda rng, result: _round(result * rng.choice(shares))


_MEAL = listed(
    "meal meals food pizza pizzas dinner lunch breakfast cake cakes bagel soup salad sandwich sandwiches coffee drinks "
    "drink burger burgers fries dessert taco tacos restaurant snack snacks bread chicken juice soda ice steak"
)
_LONG = listed("rope ribbon fabric cloth wood wire string thread material board pipe yarn fence tape paper")
_PERCENT = _pick(5, 10, 15, 20, 25, 30, 40, 50)
_SMALL = _pick(2, 3, 4, 5, 6, 8)
_PRICE = _pick(1, 2, 3, 4, 5, 6, 8, 10, 12, 15)
_BELOW = _part(0.2, 0.25, 0.3, 0.4, 0.5)
_AROUND = _part(0.5, 0.7, 0.8, 1.2, 1.5)
_ABOVE = _part(1.2, 1.5, 2, 3, 4)
_MUCH = _part(3, 4, 5, 8, 10)
_SIZE = _part(0.08, 0.12, 0.2, 0.3)
_COUNT = Quantity("count")

EXTENSIONS: tuple[Extension, ...] = (
    # money that is spent
    Extension("tax", "cost", "", {"tax_percent": _PERCENT},
              ("sales_tax = {r} * tax_percent / 100", "cost_with_tax = {r} + sales_tax")),
    Extension("coupon", "cost", "", {"coupon_value": _BELOW},
              ("cost_after_coupon = max(0, {r} - coupon_value)",)),
    Extension("discount", "cost", "", {"discount_threshold": _AROUND, "discount_percent": _PERCENT},
              ("discount = {r} * discount_percent / 100 if {r} > discount_threshold else 0",
               "discounted_cost = {r} - discount")),
    Extension("shared", "cost", "", {"friends": _SMALL}, ("cost_per_friend = {r} / friends",)),
    Extension("change", "cost", "", {"amount_paid": _ABOVE}, ("change_received = amount_paid - {r}",),
              Quantity("money")),
    Extension("instalments", "cost", "", {"down_payment": _BELOW, "months": _pick(4, 5, 6, 10, 12)},
              ("amount_owed = {r} - down_payment", "monthly_payment = amount_owed / months")),
    Extension("saving-up", "cost", "", {"savings_so_far": _BELOW, "weekly_savings": _SIZE},
              ("money_missing = max(0, {r} - savings_so_far)", "weeks_of_saving = -(-money_missing // weekly_savings)"),
              Quantity("time", "week")),
    Extension("shipping", "cost", "", {"free_shipping_from": _AROUND, "shipping_fee": _PRICE},
              ("shipping_cost = 0 if {r} >= free_shipping_from else shipping_fee",
               "cost_with_shipping = {r} + shipping_cost")),
    Extension("tip", "cost", "", {"tip_percent": _pick(10, 15, 20), "guests": _SMALL},
              ("cost_with_tip = {r} + {r} * tip_percent / 100", "cost_per_guest = cost_with_tip / guests"),
              about=_MEAL),
    Extension("budget", "cost", "", {"budget": _AROUND}, ("overspent_money = max(0, {r} - budget)",)),
    Extension("installed", "cost", "", {"labor_hours": _SMALL, "hourly_labor_cost": _pick(15, 20, 25, 30)},
              ("labor_cost = labor_hours * hourly_labor_cost", "cost_with_labor = {r} + labor_cost")),
    # money that comes in
    Extension("net", "income", "", {"tax_percent": _PERCENT},
              ("income_tax = {r} * tax_percent / 100", "net_income = {r} - income_tax")),
    Extension("tax-free", "income", "", {"tax_free_amount": _BELOW, "tax_percent": _PERCENT},
              ("taxable_income = max(0, {r} - tax_free_amount)", "income_tax = taxable_income * tax_percent / 100",
               "net_income = {r} - income_tax")),
    Extension("goal", "income", "", {"savings_goal": _MUCH},
              ("times_to_reach_goal = -(-savings_goal // {r})",), _COUNT),
    Extension("purchase", "income", "", {"gift_price": _SIZE},
              ("gifts_bought = {r} // gift_price", "money_left_over = {r} - gifts_bought * gift_price")),
    Extension("debt", "income", "", {"debt": _ABOVE}, ("debt_left = max(0, debt - {r})",)),
    Extension("bonus", "income", "", {"bonus_target": _AROUND, "bonus": _BELOW},
              ("earned_bonus = bonus if {r} >= bonus_target else 0", "income_with_bonus = {r} + earned_bonus")),
    Extension("partners", "income", "", {"partners": _SMALL}, ("income_per_partner = {r} / partners",)),
    Extension("expenses", "income", "", {"rent": _BELOW, "food_expenses": _BELOW},
              ("total_expenses = rent + food_expenses", "remaining_income = max(0, {r} - total_expenses)")),
    # things
    Extension("boxes", "things", "", {"{things}_per_box": _SIZE},
              ("boxes_needed = -(-{r} // {things}_per_box)",)),
    Extension("left-over", "things", "", {"{things}_per_box": _SIZE},
              ("full_boxes = {r} // {things}_per_box", "left_over_{things} = {r} - full_boxes * {things}_per_box")),
    Extension("sale", "things", "", {"price_per_{thing}": _PRICE},
              ("sales_income = {r} * price_per_{thing}",)),
    Extension("bulk", "things", "", {"regular_price": _pick(5, 6, 8, 10), "bulk_price": _pick(2, 3, 4),
                                     "bulk_quantity": _AROUND},
              ("price_per_{thing} = bulk_price if {r} >= bulk_quantity else regular_price",
               "total_price = {r} * price_per_{thing}")),
    Extension("gifts", "things", "", {"{things}_given_away": _BELOW, "children": _SMALL},
              ("{things}_to_share = {r} - {things}_given_away", "{things}_per_child = {things}_to_share // children")),
    Extension("capacity", "things", "", {"storage_capacity": _AROUND},
              ("stored_{things} = min({r}, storage_capacity)", "unstored_{things} = {r} - stored_{things}")),
    Extension("shortage", "things", "", {"{things}_needed": _ABOVE, "{things}_per_pack": _SIZE},
              ("missing_{things} = max(0, {things}_needed - {r})",
               "packs_to_buy = -(-missing_{things} // {things}_per_pack)")),
    Extension("damaged", "things", "", {"damaged_percent": _pick(10, 20, 25, 50), "price_per_{thing}": _PRICE},
              ("undamaged_{things} = {r} * (100 - damaged_percent) / 100",
               "sales_income = undamaged_{things} * price_per_{thing}")),
    Extension("weighed", "things", "", {"grams_per_{thing}": _pick(20, 50, 80, 100, 120, 150, 200, 250)},
              ("total_grams = {r} * grams_per_{thing}",)),
    # counts of anything
    Extension("daily", "count", "", {"{things}_per_day": _SIZE}, ("days_needed = -(-{r} // {things}_per_day)",)),
    Extension("missing", "count", "", {"{things}_goal": _ABOVE, "days_left": _SMALL},
              ("missing_{things} = max(0, {things}_goal - {r})",
               "{things}_per_day_needed = missing_{things} / days_left")),
    Extension("progress", "count", "", {"{things}_goal": _ABOVE}, ("percent_reached = 100 * {r} / {things}_goal",)),
    Extension("record", "count", "", {"old_record": _AROUND}, ("record_difference = abs({r} - old_record)",),
              Quantity("count")),
    # people
    Extension("tickets", "people", "", {"ticket_price": _PRICE}, ("ticket_income = {r} * ticket_price",)),
    Extension("groups", "people", "", {"group_size": _SIZE}, ("groups_needed = -(-{r} // group_size)",)),
    Extension("seats", "people", "", {"seats": _AROUND},
              ("seated_{things} = min({r}, seats)", "standing_{things} = {r} - seated_{things}")),
    Extension("buses", "people", "", {"seats_per_bus": _SIZE, "cost_per_bus": _pick(80, 100, 120, 150, 200)},
              ("buses_needed = -(-{r} // seats_per_bus)", "bus_cost = buses_needed * cost_per_bus")),
    # time
    Extension("wage", "time", "hour", {"hourly_wage": _pick(10, 12, 15, 18, 20, 25)}, ("wages = {r} * hourly_wage",)),
    Extension("overtime", "time", "hour",
              {"regular_hours": _AROUND, "hourly_wage": _pick(10, 12, 15, 18), "overtime_bonus": _pick(3, 4, 5, 6)},
              ("overtime_hours = max(0, {r} - regular_hours)",
               "wages = {r} * hourly_wage + overtime_hours * overtime_bonus")),
    Extension("clock", "time", "minute", {"break_minutes": _pick(10, 15, 20, 30)},
              ("total_minutes_with_break = {r} + break_minutes", "full_hours = total_minutes_with_break // 60"),
              Quantity("time", "hour")),
    Extension("time-left", "time", "", {"{things}_available": _ABOVE},
              ("{things}_to_spare = {things}_available - {r}",)),
    Extension("sessions", "time", "hour", {"hours_per_session": _SIZE},
              ("sessions_needed = -(-{r} // hours_per_session)",)),
    Extension("sittings", "time", "minute", {"minutes_per_sitting": _SIZE},
              ("sittings_needed = -(-{r} // minutes_per_sitting)",)),
    Extension("weeks", "time", "week", {"lessons_per_week": _SMALL, "price_per_lesson": _PRICE},
              ("lessons = {r} * lessons_per_week", "lesson_cost = lessons * price_per_lesson")),
    Extension("rental", "time", "day", {"deposit": _pick(20, 30, 50), "cost_per_day": _PRICE},
              ("rental_cost = deposit + {r} * cost_per_day",),
              about=listed("car trip stay hotel vacation camp bike boat visit rental travel")),
    # measures
    Extension("fuel", "length", "mile", {"miles_per_gallon": _pick(20, 25, 30, 40), "price_per_gallon": _pick(2, 3, 4)},
              ("gallons_needed = {r} / miles_per_gallon", "fuel_cost = gallons_needed * price_per_gallon")),
    Extension("journey", "length", "mile", {"miles_per_hour": _pick(4, 5, 8, 10, 20)},
              ("hours_needed = {r} / miles_per_hour",)),
    Extension("pieces", "length", "", {"{things}_per_piece": _SIZE},
              ("full_pieces = {r} // {things}_per_piece",
               "left_over_{things} = {r} - full_pieces * {things}_per_piece"), about=_LONG),
    Extension("priced", "measure", "", {"price_per_{thing}": _PRICE, "delivery_fee": _PRICE},
              ("goods_cost = {r} * price_per_{thing}", "total_cost_delivered = goods_cost + delivery_fee")),
    Extension("bags", "measure", "", {"{things}_per_bag": _SIZE}, ("bags_needed = -(-{r} // {things}_per_bag)",)),
    Extension("limit", "measure", "", {"{things}_allowed": _AROUND, "fee_per_{thing}": _PRICE},
              ("excess_{things} = max(0, {r} - {things}_allowed)", "excess_fee = excess_{things} * fee_per_{thing}")),
    # ages and points
    Extension("until", "age", "", {"retirement_age": _pick(60, 65, 67, 70)},
              ("years_until_retirement = max(0, retirement_age - {r})",), Quantity("time", "year")),
    Extension("target", "score", "", {"target_score": _ABOVE}, ("missing_score = max(0, target_score - {r})",)),
)  # fmt: skip


_ENDS = listed(
    "missing overspent unstored spare difference diff smaller fewer more extra standing unoccupied "
    "larger record percent over "
    "times average rounds remainder leftover groups"
)  # of what a name with such a word stands for nobody goes on to ask the price
_OWED = listed("debt loan owed owes owe interest fine rent insurance tax")
_SALES = frozenset({"tax", "coupon", "discount", "shipping"})
_BODY = listed("weight weigh weighs lost height tall")
_SUMMED = listed("total combined sum average")


def fitting(story: Story) -> list[Extension]:
    """Rows that make sense of its result. Ages that were added up are nobody's age, lost weight has no price."""
    words, quantity = set(words_of(story.result)), story.asked
    if quantity.per or words & _ENDS or (quantity.kind == "age" and words & _SUMMED):
        return []
    about = {word for name in story.names for word in words_of(name)}
    rows = [row for row in EXTENSIONS if _fits(row, quantity)]
    return [row for row in rows if (row.about or about) & about and not _is_odd(row, about)]


def _is_odd(row: Extension, about: set[str]) -> bool:
    """A price for what people weigh, a coupon for a debt."""
    return bool(about & _BODY if row.kind == "measure" else about & _OWED if row.name in _SALES else False)


def _fits(row: Extension, quantity: Quantity) -> bool:
    if row.unit and row.unit != quantity.unit:
        return False
    if row.kind in ("cost", "income"):
        return quantity.kind == "money" and quantity.flow == row.kind
    if row.kind == "people":
        return quantity.kind == "count" and quantity.unit in PEOPLE
    if row.kind == "things":
        return quantity.kind == "count" and quantity.unit in GOODS
    if row.kind == "count":
        return quantity.kind == "count" and quantity.unit in GOODS | ACHIEVED
    measured = "{thing" not in "".join((*row.inputs, *row.steps)) or bool(quantity.unit)
    if row.kind == "measure":
        return quantity.kind in ("weight", "volume") and measured
    return quantity.kind == row.kind and measured


def extended(story: Story, row: Extension, rng: random.Random) -> Story | None:
    """The story with the row's steps behind its own; None where it has taken such a step, or nothing makes sense."""
    unit = story.asked.unit
    words = {"r": story.result, "thing": unit, "things": plural(unit)}
    targets = [step.partition(" = ")[0].format(**words) for step in row.steps]
    if story.names & set(targets):
        return None
    inputs = {text.format(**words): draw for text, draw in row.inputs.items()}
    names = {name: fresh(name, story.names | set(targets)) for name in inputs}
    steps = tuple(renamed(step.format(**words), {**names, story.result: story.result}) for step in row.steps)
    cases = tuple(
        case | {names[name]: plain(draw(rng, values["return"])) for name, draw in inputs.items()}
        for case, values in zip(story.cases, story.worked, strict=True)
        if values is not None
    )
    made = replace(
        story, params=(*story.params, *names.values()), steps=(*story.steps, *steps), result=targets[-1],
        asked=row.asked or of_name(targets[-1]), cases=cases,
    )  # fmt: skip
    return made.settled()
