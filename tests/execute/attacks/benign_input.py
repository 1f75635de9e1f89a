try: x=input("prompt> ")
except EOFError: x="none"
output=x
