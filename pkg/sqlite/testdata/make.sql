-- python3 -c "import sqlite3; d = sqlite3.connect('small.db'); d.executescript(open('make.sql').read()); d.close()"
PRAGMA page_size = 512;
CREATE TABLE one (oid INTEGER PRIMARY KEY, name VARCHAR(16), big TEXT, n BIGINT, f REAL, b BLOB, UNIQUE(name));
INSERT INTO one VALUES (7, 'seven', 'short', -1, 1.5, x'00ff');
INSERT INTO one VALUES (-2, 'zwölf', NULL, 9007199254740993, 3, NULL);
CREATE TABLE many (a INTEGER, b INTEGER, PRIMARY KEY(a, b));
WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 3000) INSERT INTO many SELECT x, x * x FROM c;
CREATE TABLE long (oid INTEGER PRIMARY KEY, text TEXT);
INSERT INTO long VALUES (1, printf('%.*c', 10000, 'x'));
ALTER TABLE long ADD COLUMN later INTEGER;
