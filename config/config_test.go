package config_test

import (
	"reflect"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

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

// TestExampleIsComplete finds every setting of the struct in the example, and
// that what the example says is the default is.
func TestExampleIsComplete(t *testing.T) {
	var tree map[string]any
	if err := yaml.Unmarshal(config.Example(), &tree); err != nil {
		t.Fatal(err)
	}
	settings(t, "", reflect.TypeFor[config.Config](), tree)
	c, err := config.Parse(config.Example())
	if err != nil {
		t.Fatal(err)
	}
	d := config.Default()
	c.Fetch.UserAgent, c.Fetch.Allow, c.Fetch.Resolver = d.Fetch.UserAgent, d.Fetch.Allow, d.Fetch.Resolver
	c.Paper, c.OwnHosts, c.Sources, c.Licences, c.TimeStamps = d.Paper, d.OwnHosts, d.Sources, d.Licences, d.TimeStamps
	if !reflect.DeepEqual(c, d) {
		t.Errorf("the example says\n%+v\nthe defaults are\n%+v", c, d)
	}
}

func settings(t *testing.T, path string, typ reflect.Type, value any) {
	t.Helper()
	for typ.Kind() == reflect.Slice && own(typ.Elem()) {
		list, ok := value.([]any)
		if !ok || len(list) == 0 {
			t.Errorf("%s: no entry", path)
			return
		}
		typ, value = typ.Elem(), list[0]
	}
	if !own(typ) {
		return
	}
	tree, ok := value.(map[string]any)
	if !ok {
		t.Errorf("%s: no settings", path)
		return
	}
	for f := range typ.Fields() {
		name := f.Tag.Get("yaml")
		if _, ok := tree[name]; !ok {
			t.Errorf("%s.%s is missing", path, name)
			continue
		}
		settings(t, path+"."+name, f.Type, tree[name])
	}
}

func own(typ reflect.Type) bool {
	return typ.Kind() == reflect.Struct && strings.HasPrefix(typ.PkgPath(), "rightsdesk/")
}

const least = "paper: {name: 临江日报, owner: 临江日报社, website: https://www.linjiang.example/}\n"

func TestLeast(t *testing.T) {
	c, err := config.Parse([]byte(least))
	if err != nil {
		t.Fatal(err)
	}
	if c.Fetch.UserAgent != "Rightsdesk/1.0 (+https://www.linjiang.example/)" {
		t.Errorf("user agent %q", c.Fetch.UserAgent)
	}
}

func TestGood(t *testing.T) {
	for _, text := range []string{
		"listen: :8080",
		"listen: '[::1]:8080'",
		"key_file: ../proofs.key",
		"data: /var/lib/rightsdesk\nkey_file: /etc/rightsdesk/proofs.key",
		"data: data\nkey_file: data.key",
		"public_url: https://rights.linjiang.example/",
		"trusted_proxies: [10.1.2.3/32]",
		"trusted_proxies: []",
		"fetch: {max_redirects: -1}",
		"fetch: {delay: 0s}",
		"fetch: {allow: [127.0.0.0/8, 'fd00::/8'], resolver: {a.example: '127.0.0.1:8000'}}",
		"fetch: {user_agent: 'Linjiang/1 (+https://www.linjiang.example/bot)'}",
		"own_hosts: [linjiang.example, 临江.example, localhost]",
		"licences: [{id: a, licensee: b, hosts: [c.example], from: 2026-01-01}]",
	} {
		if _, err := config.Parse([]byte(least + text)); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestBad(t *testing.T) {
	for text, want := range map[string]string{
		"":                                               "paper.name: is missing",
		"lissten: x":                                     "field lissten not found",
		"answer_days: 0":                                 "answer_days: wants at least 1",
		"data: ''":                                       "data: is missing",
		"key_file: ''":                                   "key_file: is missing",
		"key_file: data/proofs.key":                      "key_file: wants to lie outside data",
		"key_file: ./data/../data/a/b.key":               "key_file: wants to lie outside data",
		"key_file: data":                                 "key_file: wants to lie outside data",
		"data: .":                                        "key_file: wants to lie outside data",
		"listen: 8080":                                   `listen: wants host:port, is "8080"`,
		"listen: 127.0.0.1:http":                         "listen: wants host:port",
		"listen: :70000":                                 "listen: wants host:port",
		"public_url: rights.a.example":                   "public_url: wants an address",
		"public_url: https://a.example/rights":           "public_url: wants an address",
		"public_url: 'https://a.example?x'":              "public_url: wants an address",
		"trusted_proxies: [10.1.2.3]":                    "10.1.2.3",
		"paper: {website: www.a.example}":                "paper.website: wants an address",
		"paper: {name: a}":                               "fetch.user_agent: wants one line with a URL",
		"fetch: {user_agent: Mozilla/5.0}":               "fetch.user_agent: wants one line with a URL",
		"fetch: {user_agent: 'A (a@b.exam)'}":            "fetch.user_agent: wants one line with a URL",
		`fetch: {user_agent: "https://a\nX"}`:            "fetch.user_agent: wants one line with a URL",
		"fetch: {delay: -1s}":                            "fetch.delay",
		"fetch: {timeout: 0s}":                           "fetch.timeout",
		"fetch: {timeout: 30}":                           "line 1",
		"fetch: {max_bytes: 0}":                          "fetch.max_bytes",
		"fetch: {max_redirects: 0}":                      "fetch.max_redirects",
		"fetch: {allow: [10.0.0.0]}":                     "10.0.0.0",
		"fetch: {resolver: {a.example: b}}":              "fetch.resolver",
		"fetch: {resolver: {'a b': 'c:1'}}":              "fetch.resolver",
		"own_hosts: ['https://a.example/']":              "own_hosts[0]: wants a host name",
		"own_hosts: [a.example, 'b.example:']":           "own_hosts[1]: wants a host name",
		"licences: [{id: a, from: 2026/1/1}]":            "licences[0].from",
		"licences: [{hosts: [a/b]}]":                     "licences[0].hosts[0]",
		"licences: [{from: 2026-02-01, to: 2026-01-31}]": "licences[0].to",
		"sources: [{id: a}, {id: a}]":                    `"a" is used twice`,
	} {
		_, err := config.Parse([]byte(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q", text, err, want)
		}
	}
}

func TestLink(t *testing.T) {
	for text, want := range map[string]string{
		"":                   "http://127.0.0.1:8080/login",
		"listen: :80":        "http://127.0.0.1:80/login",
		"listen: '[::]:80'":  "http://127.0.0.1:80/login",
		"listen: '[::1]:80'": "http://[::1]:80/login",
		"listen: rights:80":  "http://rights:80/login",
		"public_url: https://rights.linjiang.example":       "https://rights.linjiang.example/login",
		"public_url: https://rights.linjiang.example:8443/": "https://rights.linjiang.example:8443/login",
	} {
		c, err := config.Parse([]byte(least + text))
		if err != nil || c.Link("/login") != want {
			t.Errorf("%q: %s, %v; want %s", text, c.Link("/login"), err, want)
		}
	}
}

// TestEveryFault checks that faults are reported together.
func TestEveryFault(t *testing.T) {
	_, err := config.Parse([]byte("answer_days: 0\nlisten: x\n"))
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"answer_days", "listen", "paper.name", "paper.owner", "fetch.user_agent"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v: nothing of %s", err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(config.Example())
	f.Add([]byte("fetch: {allow: [127.0.0.0/8], delay: 1s}"))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := config.Parse(b)
		if err == nil && c.Validate() != nil {
			t.Error("what was parsed is not valid")
		}
	})
}
