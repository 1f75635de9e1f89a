import decimal, difflib, ipaddress, locale, pprint, shlex, uuid, xml.dom.minidom
output = str(ipaddress.ip_address('10.0.0.1') + 1)
