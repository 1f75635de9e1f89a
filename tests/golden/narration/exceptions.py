# input: {"texts": ["4", "x", "0"]}
def parse(text):
    number = int(text)
    if number == 0:
        raise ZeroDivisionError("nothing to share")
    return 12 // number


def solution(texts):
    shares = []
    for text in texts:
        try:
            share = parse(text)
        except ValueError:
            share = -1
        except ZeroDivisionError as error:
            share = str(error)
        finally:
            shares.append(share)
    return shares
