import io, sys
kept, sys.stdout = sys.stdout, io.StringIO()
print('x', end='')
text, sys.stdout = sys.stdout.getvalue(), kept
output = text
