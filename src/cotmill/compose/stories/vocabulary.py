"""The words by which names say what they count, measure or cost."""

from __future__ import annotations

__all__ = [
    "ACHIEVED", "BARE", "COST", "FILLERS", "GOODS", "INCOME", "IRREGULAR", "LACKED", "MEASURES", "MONTHS", "NO_PLURAL",
    "PEOPLE", "PERIODS", "PLURALS", "UNIT_KIND", "VAGUE", "listed",
]  # fmt: skip


def listed(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


MEASURES = {
    "time": ("second", "minute", "hour", "day", "week", "month", "year", "decade"),
    "length": ("mile", "km", "kilometer", "kilometre", "foot", "inch", "meter", "metre", "yard", "cm", "block"),
    "weight": ("pound", "lb", "ounce", "oz", "kg", "kilogram", "gram", "ton"),
    "volume": ("liter", "litre", "gallon", "quart", "pint", "ml", "teaspoon", "tablespoon"),
    "area": ("acre", "sqft"),
}
UNIT_KIND = {unit: kind for kind, units in MEASURES.items() for unit in units}
BARE = {"time": "time", "duration": "time", "distance": "length", "length": "length", "width": "length",
         "height": "length", "perimeter": "length", "weight": "weight", "volume": "volume", "area": "area",
         "speed": "speed", "mph": "speed", "rate": "factor", "ratio": "factor", "fraction": "factor",
         "multiplier": "factor", "times": "factor", "factor": "factor", "age": "age", "percent": "percent",
         "percentage": "percent", "pct": "percent", "calories": "energy", "calorie": "energy", "score": "score",
         "temperature": "temperature", "old": "age", "ages": "age"}  # fmt: skip
COST = listed(
    "cost costs price prices spent spend spending bill fee fees tip tax taxes paid payment payments rent "
    "expense expenses charge charges fine owed owe owes debt loan insurance deposit purchase "
)
INCOME = listed(
    "earned earn earns earnings income revenue profit wage wages salary budget savings allowance commission made "
    "sales money dollars dollar cents cent bucks winnings donation donations donated funds cash pension refund "
    "payout raised bonus value worth pay"
)
# With a word of money they say that it is spent or has to be; by themselves they say nothing of money.
LACKED = listed("overspent lost loses stolen wasted needed missing short")
MONTHS = listed("january february march april may june july august september october november december")
PERIODS = {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year", "annual": "year", "hourly": "hour"}
NO_PLURAL = listed(
    "less this is has was its plus minus times gas bus class glass grass dress cross loss mass boss address press "
    "remains needs gives gets sells buys makes takes lbs costs prices sales wages taxes fees expenses savings "
    "earnings previous always pays works runs spends saves eats process progress business stress success canvas "
    "bonus tennis series species besides across towards afterwards perhaps "
    "james charles thomas lucas nicholas texas jess ross"
)
IRREGULAR = {
    "people": "person", "children": "child", "men": "man", "women": "woman", "feet": "foot", "inches": "inch",
    "geese": "goose", "mice": "mouse", "teeth": "tooth", "fish": "fish", "sheep": "sheep", "deer": "deer",
    "cookies": "cookie", "movies": "movie", "pies": "pie", "grandchildren": "grandchild", "ties": "tie",
    "calories": "calorie", "selfies": "selfie", "smoothies": "smoothie", "brownies": "brownie", "shoes": "shoe",
    "toes": "toe", "leaves": "leaf", "loaves": "loaf", "shelves": "shelf", "knives": "knife", "halves": "half",
    "wolves": "wolf", "hooves": "hoof", "calves": "calf", "lives": "life", "wives": "wife",
}  # fmt: skip
PLURALS = {one: many for many, one in IRREGULAR.items()}
VAGUE = listed("result answer total res ans output value final amount number difference sum average ratio it")
FILLERS = listed("num number count total of the amount quantity each in for and left initial")
PEOPLE = listed(
    "person child kid student man woman boy girl friend guest player teacher worker employee customer visitor "
    "passenger adult parent member voter sister brother classmate cousin neighbor pupil attendee tourist swimmer "
    "runner singer dancer camper scout"
)
# What somebody sets out to reach a number of.
ACHIEVED = listed("page point problem goal word lap vote question level pushup situp step push exercise mile signature")
# What can be packed, given away, weighed and sold by the piece; a goal scored or a page read cannot.
GOODS = listed(
    "apple orange banana peach pear plum lemon lime cherry strawberry raspberry berry grape melon watermelon "
    "mango kiwi pineapple fruit potato tomato carrot onion pepper pumpkin cucumber vegetable egg cookie cupcake "
    "cake pie muffin brownie donut doughnut bagel croissant loaf roll bun pizza sandwich burger hamburger hotdog "
    "sausage taco burrito dumpling meatball pancake waffle cracker chip candy chocolate lollipop gumball "
    "jellybean popsicle pretzel nut snack cup bottle can jar mug glass plate bowl spoon fork knife pan pot tray "
    "basket book notebook magazine comic letter postcard card stamp sticker poster photo picture painting "
    "portrait drawing pencil pen crayon marker eraser ruler ticket badge medal coin toy doll ball balloon kite "
    "puzzle game marble bead button block gem jewel diamond ring necklace bracelet earring shirt sock shoe hat "
    "scarf glove sweater dress skirt jacket coat outfit costume towel blanket pillow sheet candle lamp lightbulb "
    "bulb battery nail screw brick board log pole tile flower rose tulip daisy petunia plant seed tree shell rock "
    "stone feather cd dvd record cloth ribbon bow present gift souvenir crab clam oyster shrimp fish chicken "
    "firework basketball football baseball chair table bike bicycle cartoon truck car yoyo frisbee bracelet skein "
    "pastry tart cheese steak fry utensil"
)
