import os
os.symlink('@CANARY@/secret.txt', '@CANARY@/link')
os.rename('@CANARY@/precious.txt', '@CANARY@/gone')
output = 1
