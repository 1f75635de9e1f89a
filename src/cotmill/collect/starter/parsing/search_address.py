"""The questions hidden in a web address.

After the question mark of an address stand pairs of name and value, divided by the pair sign; in texts a plus
sign stands for a space. A name may come several times. Give a dictionary from each wanted name to the list of
its values in their order, an empty list for a name that does not occur.
"""


def solution(address, pair_sign, wanted):
    _, _, questions = address.partition("?")
    found = {name: [] for name in wanted}
    for pair in questions.split(pair_sign):
        name, _, value = pair.partition("=")
        if name in found:
            found[name].append(value.replace("+", " "))
    return found


inputs = [
    {"address": "shop.example/find?q=red+shoes&size=38&q=boots", "pair_sign": "&", "wanted": ["q", "size", "page"]},
    {"address": "maps.example/?from=Bern;to=Lake+Thun;via=", "pair_sign": ";", "wanted": ["to", "via"]},
    {"address": "lib.example/list?tag=a&tag=b&tag=c&sort=up", "pair_sign": "&", "wanted": ["tag"]},
]
