CREATE TABLE impacts (
	host TEXT NOT NULL,
	day TEXT NOT NULL,
	requests BIGINT NOT NULL,
	bytes BIGINT NOT NULL,
	forbidden BIGINT NOT NULL,
	refused BIGINT NOT NULL,
	failed BIGINT NOT NULL,
	busy BIGINT NOT NULL,
	slowest BIGINT NOT NULL,
	shortest_rest BIGINT NOT NULL,
	PRIMARY KEY (host, day)
);
CREATE TABLE robots (
	url TEXT NOT NULL,
	status BIGINT NOT NULL,
	sha256 TEXT NOT NULL,
	doc TEXT NOT NULL,
	PRIMARY KEY (url, status, sha256)
);
