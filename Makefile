.PHONY: build test lint bench-peers witness world cluster crash scan-rate

build:
	go build -o bin/rightsdesk ./cmd/rightsdesk

# Everything: vet, lint, and all tests with -race, PostgreSQL and Chromium.
# As root on Debian it installs the packages that it needs.
test:
	.ci/test

lint:
	.ci/test lint

# Other methods and ours on the same real articles: recall, false alarms, speed,
# memory. make bench-peers ARGS='--data DIR --each 100'; some minutes.
bench-peers:
	.ci/test peers $(ARGS)

# Has the evidence of the demo read back by programs that are not ours.
witness:
	.ci/witness

# Three processes on one PostgreSQL: one killed, one stopped and continued, the
# database restarted. Some five minutes.
cluster:
	.ci/test cluster

# kill -9 at 200 random instants of a sweep on SQLite.
crash:
	.ci/test crash

# The whole service on 60 sites of 200 pages on this machine, one page in twenty
# hostile: figures, and a status that is not zero where they fall short. Some
# minutes; make world ARGS='--hosts 6 --pages 40 --reprints 30 --articles 60' is quicker.
world: build
	bin/rightsdesk world $(ARGS)

# Scans 50,000 saved pages with a million registered articles, beside the screen of
# the same pages in memory; the status is not zero where that is twice as fast or
# more. Half an hour, 2 GB of memory and 8 of temporary files.
scan-rate: build
	bin/rightsdesk bench --scan 50000 --articles 1000000
