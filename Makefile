.PHONY: build test lint

build:
	go build -o bin/rightsdesk ./cmd/rightsdesk

# Everything: vet, lint, and all tests with -race, PostgreSQL and Chromium.
# As root on Debian it installs the packages that it needs.
test:
	.ci/test

lint:
	.ci/test lint
