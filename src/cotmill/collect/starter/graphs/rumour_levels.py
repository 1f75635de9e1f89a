"""How a rumour spreads from friend to friend.

On day 0 the people at the source know a rumour. Every day those who heard it the day before tell all their
friends, up to and including the last day. Give a dictionary from each day, as a text, to the people who hear
the rumour on that day in alphabetical order; days without anybody are left out.
"""


def waves(friends, source, last_day):
    known = set(source)
    newest = known
    for day in range(last_day + 1):
        if not newest:
            return
        yield day, sorted(newest)
        told = {friend for person in newest for friend in friends.get(person, [])}
        newest = told - known
        known = known | newest


def solution(friends, source, last_day):
    return {str(day): people for day, people in waves(friends, source, last_day)}


inputs = [
    {
        "friends": {"Ria": ["Sol", "Tim"], "Sol": ["Uli"], "Tim": ["Uli", "Ria"], "Uli": ["Vic"]},
        "source": ["Ria"],
        "last_day": 2,
    },
    {"friends": {"a": ["b"], "b": ["c"], "c": ["d"], "d": ["a"]}, "source": ["a", "c"], "last_day": 1},
    {"friends": {"Kay": ["Leo"], "Leo": ["Kay", "Moe"]}, "source": ["Kay"], "last_day": 5},
]
