"""Proven programs for the tests of recombination: small, and with what they were observed to give."""

from __future__ import annotations

import json
from typing import Any

from cotmill.compose.material import Case, Material

PROBLEMS = [
    ("How many apples are left?", {"trees": 6, "apples_per_tree": 20, "apples_eaten": 15}, """
def solution(trees, apples_per_tree, apples_eaten):
    apples_picked = trees * apples_per_tree
    apples_left = apples_picked - apples_eaten
    result = apples_left
    return result
"""),
    ("How many apples does the stall have?", {"baskets": 5, "apples_per_basket": 12, "apples_initial": 30}, """
def solution(baskets, apples_per_basket, apples_initial):
    apples_delivered = baskets * apples_per_basket
    apples_total = apples_initial + apples_delivered
    return apples_total
"""),
    ("How much does the fence cost?", {"garden_length": 8, "garden_width": 5, "cost_per_meter": 12}, """
def solution(garden_length, garden_width, cost_per_meter):
    fence_length = 2 * (garden_length + garden_width)
    fence_cost = fence_length * cost_per_meter
    return fence_cost
"""),
    ("How much does the party cost?", {"guests": 12, "cost_per_guest": 9, "hall_cost": 150}, """
def solution(guests, cost_per_guest, hall_cost):
    meal_cost = guests * cost_per_guest
    drinks_cost = meal_cost / 2
    total_cost = hall_cost + meal_cost + drinks_cost
    return total_cost
"""),
    ("How much does she earn?", {"hours_worked": 30, "hourly_wage": 14, "bonus": 40}, """
def solution(hours_worked, hourly_wage, bonus):
    base_earnings = hours_worked * hourly_wage
    total_earnings = base_earnings + bonus
    return total_earnings
"""),
    ("How much money is left?", {"money_initial": 200, "books": 4, "book_price": 15}, """
def solution(money_initial, books, book_price):
    money_spent = books * book_price
    money_left = money_initial - money_spent
    return money_left
"""),
    ("How many hours does the trip take?", {"first_leg_hours": 3, "break_hours": 1}, """
def solution(first_leg_hours, break_hours):
    second_leg_hours = first_leg_hours * 2
    total_hours = first_leg_hours + break_hours + second_leg_hours
    return total_hours
"""),
    ("How many stickers do they have?", {"anna_stickers": 14, "lost_stickers": 3}, """
def solution(anna_stickers, lost_stickers):
    ben_stickers = anna_stickers + 6
    cleo_stickers = ben_stickers * 2
    total_stickers = anna_stickers + ben_stickers + cleo_stickers - lost_stickers
    return total_stickers
"""),
]  # fmt: skip

FUNCTIONS = [
    ("Vowels of a word.", [{"word": text} for text in ("banana", "sky", "aerial", "tree", "umbrella", "ox")], """
def solution(word):
    vowel_count = 0
    for letter in word:
        if letter in 'aeiou':
            vowel_count += 1
    return vowel_count
"""),
    ("A word read backwards.", [{"text": text} for text in ("banana", "level", "noon", "tree", "umbrella")], """
def solution(text):
    mirrored_text = ''
    for letter in text:
        mirrored_text = letter + mirrored_text
    return mirrored_text
"""),
    ("Whether a word is a palindrome.", [{"text": text} for text in ("level", "noon", "tree", "kayak", "oxen")], """
def is_palindrome(text):
    return text == text[::-1]

def solution(text):
    return is_palindrome(text)
"""),
    ("Divisors of a number.", [{"n": n} for n in (12, 28, 97, 120, 45, 60)], """
import math

def solution(n):
    divisor_list = []
    for candidate in range(1, math.isqrt(n) + 1):
        if n % candidate == 0:
            divisor_list.append(candidate)
    return divisor_list
"""),
    ("The digit sum of a number.", [{"number": n} for n in (12, 287, 97, 1203, 45, 600)], """
def solution(number):
    digit_total = 0
    while number > 0:
        digit_total += number % 10
        number //= 10
    return digit_total
"""),
    ("Neighbouring differences.", [{"numbers": items} for items in ([3, 8, 2, 9], [1, 2, 4, 8, 16], [5, 5, 7])], """
def solution(numbers):
    difference_list = [later - earlier for earlier, later in zip(numbers, numbers[1:])]
    return difference_list
"""),
    ("Letters counted.", [{"sentence": text} for text in ("a banana", "noon", "to be or not to be")], """
from collections import Counter

def solution(sentence):
    letter_counts = Counter(sentence.replace(' ', ''))
    return dict(letter_counts)
"""),
    ("Weeks of saving.", [{"goal": goal, "amount": amount} for goal, amount in ((120, 25), (60, 15), (95, 12))], """
def solution(goal, amount):
    weeks_saved = 0
    saved = 0
    while saved < goal:
        saved += amount
        weeks_saved += 1
    return weeks_saved
"""),
]  # fmt: skip


def answer_of(code: str, arguments: dict[str, Any]) -> Any:
    """What a program of our own gives, by running it."""
    space: dict[str, Any] = {}
    exec(compile(code, "<program>", "exec"), space)
    return space["solution"](**json.loads(json.dumps(arguments)))


def parents() -> list[Material]:
    made = []
    for number, (problem, arguments, code) in enumerate(PROBLEMS):
        made.append(_material(f"story-{number}", "", problem, code, [arguments]))
    for number, (title, inputs, code) in enumerate(FUNCTIONS):
        made.append(_material(f"task-{number}", title, "", code, inputs))
    return made


def _material(id: str, title: str, problem: str, code: str, inputs: list[dict[str, Any]]) -> Material:
    cases = tuple(Case(json.dumps(given), json.dumps(answer_of(code, given)), 12) for given in inputs)
    return Material(id, title, problem, code.strip() + "\n", cases)
