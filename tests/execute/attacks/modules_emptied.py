import sys
sys.modules.clear()
output=3
