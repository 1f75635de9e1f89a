import os
os.truncate('@CANARY@/precious.txt', 0)
output = 1
