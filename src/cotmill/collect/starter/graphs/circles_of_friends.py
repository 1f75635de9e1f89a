"""Circles of friends that grow by joining pairs.

At first everybody is alone. Each friendship joins the circles of two people, unless the joint circle would
have more members than allowed; then the friendship is refused. Give the "sizes" of the circles in the end,
largest first, and the number of friendships "refused".
"""


class Circles:
    def __init__(self, people):
        self.leader = {person: person for person in people}
        self.size = dict.fromkeys(people, 1)

    def find(self, person):
        while self.leader[person] != person:
            person = self.leader[person]
        return person

    def join(self, first, second, largest):
        first_leader, second_leader = self.find(first), self.find(second)
        if first_leader == second_leader:
            return True
        joint_size = self.size[first_leader] + self.size[second_leader]
        if joint_size > largest:
            return False
        self.leader[second_leader] = first_leader
        self.size[first_leader] = joint_size
        del self.size[second_leader]
        return True


def solution(people, friendships, largest_circle):
    circles = Circles(people)
    refused = 0
    for first, second in friendships:
        if not circles.join(first, second, largest_circle):
            refused += 1
    return {"sizes": sorted(circles.size.values(), reverse=True), "refused": refused}


inputs = [
    {
        "people": ["Al", "Bo", "Cy", "Di", "Ed"],
        "friendships": [["Al", "Bo"], ["Cy", "Di"], ["Bo", "Di"]],
        "largest_circle": 3,
    },
    {
        "people": ["Jo", "Ki", "Li", "Mo"],
        "friendships": [["Jo", "Ki"], ["Li", "Ki"], ["Li", "Mo"]],
        "largest_circle": 4,
    },
    {
        "people": ["p", "q", "r", "s", "t", "u"],
        "friendships": [["p", "q"], ["r", "s"], ["q", "p"], ["t", "u"], ["s", "u"], ["q", "r"]],
        "largest_circle": 4,
    },
]
