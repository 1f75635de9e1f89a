import sqlite3
c=sqlite3.connect(":memory:"); c.execute("create table t(a,b)"); c.execute("insert into t values(1,'a')")
output=[list(r) for r in c.execute("select * from t")]
