package config_test

import (
	"strings"
	"testing"

	"rightsdesk/config"
)

func TestExample(t *testing.T) {
	c, err := config.Parse(config.Example())
	if err != nil {
		t.Fatal(err)
	}
	if c.Paper.Name != "临江日报" || len(c.Sources) != 1 || c.DatabaseURL() != "data/rightsdesk.db" {
		t.Errorf("%+v", c)
	}
}

func TestBad(t *testing.T) {
	for text, want := range map[string]string{
		"":                                    "paper.name: is missing",
		"lissten: x":                          "field lissten not found",
		"answer_days: 0":                      "answer_days: wants at least 1",
		"fetch: {allow: [10.0.0.0]}":          "10.0.0.0",
		"licences: [{id: a, from: 2026/1/1}]": "licences[0].from",
		"sources: [{id: a}, {id: a}]":         `"a" is used twice`,
	} {
		_, err := config.Parse([]byte(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q", text, err, want)
		}
	}
}
