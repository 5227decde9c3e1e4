CREATE TABLE sequences (
	name TEXT PRIMARY KEY,
	value BIGINT NOT NULL,
	text TEXT NOT NULL
);
CREATE TABLE articles (
	id TEXT PRIMARY KEY,
	paper TEXT NOT NULL,
	issue_date TEXT NOT NULL,
	page_no TEXT NOT NULL,
	url TEXT NOT NULL,
	search TEXT NOT NULL,
	digest TEXT NOT NULL,
	updated_at BIGINT NOT NULL,
	doc TEXT NOT NULL
);
CREATE INDEX articles_by_issue ON articles (issue_date, page_no, id);
CREATE INDEX articles_by_url ON articles (url);
CREATE INDEX articles_by_change ON articles (updated_at);
CREATE TABLE article_versions (
	article_id TEXT NOT NULL REFERENCES articles (id),
	replaced_at BIGINT NOT NULL,
	doc TEXT NOT NULL,
	PRIMARY KEY (article_id, replaced_at)
);
CREATE TABLE sources (
	id TEXT PRIMARY KEY,
	origin TEXT NOT NULL CHECK (origin IN ('config', 'api')),
	doc TEXT NOT NULL
);
CREATE TABLE sweeps (
	id BIGINT PRIMARY KEY,
	source_id TEXT NOT NULL,
	started_at BIGINT NOT NULL,
	doc TEXT NOT NULL
);
CREATE INDEX sweeps_by_source ON sweeps (source_id, started_at);
CREATE TABLE pages (
	url TEXT PRIMARY KEY,
	source_id TEXT NOT NULL,
	fetched_at BIGINT NOT NULL,
	doc TEXT NOT NULL
);
CREATE TABLE cases (
	id TEXT PRIMARY KEY,
	url TEXT NOT NULL UNIQUE,
	state TEXT NOT NULL CHECK (state IN ('open', 'held', 'confirmed', 'approved', 'sent', 'closed', 'cleared')),
	severity TEXT NOT NULL,
	search TEXT NOT NULL,
	opened_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	version BIGINT NOT NULL,
	doc TEXT NOT NULL
);
CREATE INDEX cases_by_state ON cases (state, severity, opened_at);
CREATE TABLE matches (
	id BIGINT PRIMARY KEY,
	url TEXT NOT NULL,
	article_id TEXT NOT NULL REFERENCES articles (id),
	digest TEXT NOT NULL,
	case_id TEXT NOT NULL,
	sampled BOOLEAN NOT NULL,
	seen_at BIGINT NOT NULL,
	doc TEXT NOT NULL,
	UNIQUE (url, article_id, digest)
);
CREATE INDEX matches_by_case ON matches (case_id, seen_at);
CREATE INDEX matches_by_article ON matches (article_id);
CREATE TABLE reports (
	id BIGINT PRIMARY KEY,
	case_id TEXT NOT NULL REFERENCES cases (id),
	created_at BIGINT NOT NULL,
	doc TEXT NOT NULL
);
CREATE INDEX reports_by_case ON reports (case_id, created_at);
CREATE TABLE claims (
	id TEXT PRIMARY KEY,
	token_hash TEXT NOT NULL UNIQUE,
	state TEXT NOT NULL CHECK (state IN ('submitted', 'deficient', 'assessing', 'upheld', 'part_upheld', 'rejected', 'withdrawn')),
	due_at TEXT NOT NULL,
	filed_at BIGINT NOT NULL,
	version BIGINT NOT NULL,
	doc TEXT NOT NULL
);
CREATE INDEX claims_by_state ON claims (state, due_at);
CREATE TABLE proofs (
	id BIGINT PRIMARY KEY,
	claim_id TEXT NOT NULL REFERENCES claims (id),
	doc TEXT NOT NULL
);
CREATE INDEX proofs_by_claim ON proofs (claim_id, id);
CREATE TABLE users (
	id BIGINT PRIMARY KEY,
	login TEXT NOT NULL UNIQUE,
	password_hash TEXT NOT NULL,
	doc TEXT NOT NULL
);
CREATE TABLE sessions (
	token_hash TEXT PRIMARY KEY,
	user_id BIGINT NOT NULL REFERENCES users (id),
	csrf TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL
);
CREATE TABLE tokens (
	hash TEXT PRIMARY KEY,
	user_id BIGINT NOT NULL REFERENCES users (id),
	kind TEXT NOT NULL CHECK (kind IN ('api', 'login')),
	expires_at BIGINT NOT NULL,
	doc TEXT NOT NULL
);
CREATE TABLE events (
	seq BIGINT PRIMARY KEY,
	subject TEXT NOT NULL,
	at BIGINT NOT NULL,
	doc TEXT NOT NULL
);
CREATE INDEX events_by_subject ON events (subject, seq);
