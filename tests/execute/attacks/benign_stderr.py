import sys
print("x",file=sys.stderr); sys.stderr.write("y"); sys.stderr.flush()
output=3
