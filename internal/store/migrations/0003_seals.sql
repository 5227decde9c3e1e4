CREATE TABLE seals (
	subject TEXT PRIMARY KEY,
	sha256 TEXT NOT NULL,
	at BIGINT NOT NULL,
	doc TEXT NOT NULL
);
CREATE INDEX seals_by_digest ON seals (sha256);
CREATE TABLE stamps (
	sha256 TEXT NOT NULL,
	authority TEXT NOT NULL,
	doc TEXT NOT NULL,
	PRIMARY KEY (sha256, authority)
)
