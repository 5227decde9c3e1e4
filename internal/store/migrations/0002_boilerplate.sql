CREATE TABLE lines (
	host TEXT NOT NULL,
	hash BIGINT NOT NULL,
	pages BIGINT NOT NULL,
	beside BIGINT NOT NULL,
	inside BIGINT NOT NULL,
	since BIGINT NOT NULL,
	first_seen BIGINT NOT NULL,
	last_seen BIGINT NOT NULL,
	first_url TEXT NOT NULL,
	second_url TEXT NOT NULL,
	text TEXT NOT NULL,
	PRIMARY KEY (host, hash)
);
CREATE INDEX lines_by_pages ON lines (host, pages, last_seen);
CREATE TABLE page_texts (
	url TEXT PRIMARY KEY,
	host TEXT NOT NULL,
	own BOOLEAN NOT NULL,
	body_read BOOLEAN NOT NULL,
	body TEXT NOT NULL,
	screen TEXT NOT NULL
);
CREATE INDEX page_texts_by_body ON page_texts (host, body);
CREATE INDEX page_texts_by_screen ON page_texts (host, screen);
ALTER TABLE matches ADD COLUMN quarantined_in TEXT NOT NULL DEFAULT '';
CREATE INDEX matches_in_quarantine ON matches (quarantined_in, url)
