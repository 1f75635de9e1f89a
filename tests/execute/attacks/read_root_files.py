found = []
for path in ('/etc/shadow', '/etc/passwd', '/proc/1/environ', '/proc/self/maps', '/root/.ssh/id_rsa', '@CANARY@/secret.txt', '@CANARY@/../secret.txt'):
    try: found.append(open(path).read()[:40])
    except OSError: pass
output = found
