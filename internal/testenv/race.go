//go:build race

package testenv

const slowness = 10
