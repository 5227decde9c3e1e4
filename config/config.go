// Package config is the one configuration: a struct, its defaults, a strict
// loader and a validation that names every fault.
package config

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Config is everything that the administrator sets.
type Config struct {
	// Data is the folder of evidence, reports, proofs and the SQLite file.
	Data string `yaml:"data"`
	// Database is a postgres:// URL, or the path of a SQLite file; empty means
	// rightsdesk.db in Data.
	Database string `yaml:"database"`
	// KeyFile encrypts claimants' proofs; it must lie outside Data.
	KeyFile string `yaml:"key_file"`
	Listen  string `yaml:"listen"` // host:port
	// Metrics is the host:port where Prometheus finds /metrics; empty means
	// nowhere. Everyone who reaches it can read it.
	Metrics string `yaml:"metrics"`
	// PublicURL is the address under which others reach the service, for links;
	// empty means the one that they asked for.
	PublicURL string `yaml:"public_url"`
	// TrustedProxies are the peers whose X-Forwarded-For and X-Forwarded-Proto
	// are believed.
	TrustedProxies []netip.Prefix `yaml:"trusted_proxies"`
	// Policies is a folder with disclaimer.yaml, rules.yaml and letters.yaml;
	// empty means the ones that ship.
	Policies string    `yaml:"policies"`
	Paper    Paper     `yaml:"paper"`
	OwnHosts []string  `yaml:"own_hosts"` // and their subdomains
	Fetch    Fetch     `yaml:"fetch"`
	Sources  []Source  `yaml:"sources"`
	Licences []Licence `yaml:"licences"`
	// Storage is an S3-compatible store to which sealed evidence is copied,
	// s3://BUCKET/PREFIX?endpoint=HOST:PORT&region=R; empty keeps it in Data alone.
	Storage string `yaml:"storage"`
	// Browser is the program of Chromium that draws the pages of cases, and those that
	// have nothing to read before their scripts have run; a path or a name in PATH.
	// Empty draws none.
	Browser string `yaml:"browser"`
	// AnswerDays is the time a letter gives, in days.
	AnswerDays int `yaml:"answer_days"`
	// TimeStamps are the authorities that stamp the evidence.
	TimeStamps []Authority `yaml:"time_stamps"`
}

// Authority gives time stamps by RFC 3161 over HTTP.
type Authority struct {
	ID    string `yaml:"id"` // lower case letters, digits, hyphens: names its files
	URL   string `yaml:"url"`
	Roots string `yaml:"roots"` // PEM file with roots beside those of this machine, or empty
}

// Paper is who sends the letters.
type Paper struct {
	Name           string   `yaml:"name"`    // as on the masthead
	Aliases        []string `yaml:"aliases"` // other names by which sites credit it
	Owner          string   `yaml:"owner"`   // the legal person
	IDNumber       string   `yaml:"id_number"`
	Representative string   `yaml:"representative"`
	Address        string   `yaml:"address"`
	Postcode       string   `yaml:"postcode"`
	Contact        string   `yaml:"contact"`
	Phone          string   `yaml:"phone"`
	Email          string   `yaml:"email"`
	Website        string   `yaml:"website"`
	LawFirm        string   `yaml:"law_firm"`
	Lawyer         string   `yaml:"lawyer"`
	LawyerLicence  string   `yaml:"lawyer_licence"`
	// LawyerAuthority is the power of attorney, as letters are to name it.
	LawyerAuthority string `yaml:"lawyer_authority"`
}

// Names are the names by which a page may credit the paper.
func (p Paper) Names() []string { return append([]string{p.Name}, p.Aliases...) }

// Fetch says how pages are asked for.
type Fetch struct {
	// UserAgent says who asks and holds a URL at which to reach them; empty
	// means Rightsdesk with the paper's website.
	UserAgent    string            `yaml:"user_agent"`
	Delay        time.Duration     `yaml:"delay"`         // least time between two requests to one host name
	Timeout      time.Duration     `yaml:"timeout"`       // of one exchange
	MaxBytes     int64             `yaml:"max_bytes"`     // of a page; what follows is cut
	MaxRedirects int               `yaml:"max_redirects"` // -1 means none
	Allow        []netip.Prefix    `yaml:"allow"`         // private, loopback and link-local ranges that may be reached
	Ports        []uint16          `yaml:"ports"`         // that may be reached; those of the resolver are beside them
	Resolver     map[string]string `yaml:"resolver"`      // host name to address:port
}

// Source is a watched site; the fields are those of the API.
type Source struct {
	ID       string   `yaml:"id"`
	Name     string   `yaml:"name"`
	Kind     string   `yaml:"kind"` // urls, list, feed, sitemap, search, epaper or own
	URL      string   `yaml:"url"`
	URLs     []string `yaml:"urls"`
	Selector string   `yaml:"selector"`
	Cron     string   `yaml:"cron"`
	Zone     string   `yaml:"zone"`
	Render   bool     `yaml:"render"` // have the browser draw every page
	Rules    Rules    `yaml:"rules"`
	Operator Operator `yaml:"operator"`
}

// Rules bound what a sweep of a source may ask for; zero means the bound that
// holds for all.
type Rules struct {
	MaxPages    int   `yaml:"max_pages"`
	MaxBytes    int64 `yaml:"max_bytes"`
	WatchDays   int   `yaml:"watch_days"`
	RestSeconds int   `yaml:"rest_seconds"`
}

// Operator is who runs a site.
type Operator struct {
	Name    string `yaml:"name"`
	Role    string `yaml:"role"`  // publisher, host or search
	Media   bool   `yaml:"media"` // a newspaper, broadcaster or news site
	ICP     string `yaml:"icp"`
	Contact string `yaml:"contact"`
	Address string `yaml:"address"`
	Email   string `yaml:"email"`
}

// Licence lets hosts use the paper's articles.
type Licence struct {
	ID       string   `yaml:"id"`
	Licensee string   `yaml:"licensee"`
	Hosts    []string `yaml:"hosts"` // and their subdomains
	From     string   `yaml:"from"`  // first day, 2006-01-02, China
	To       string   `yaml:"to"`    // last day; empty means without end
}

// Default is the configuration where nothing is set.
func Default() Config {
	return Config{
		Data: "data", KeyFile: "proofs.key", Browser: "chromium", Listen: "127.0.0.1:8080", AnswerDays: 10,
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")},
		Fetch: Fetch{
			Delay: 3 * time.Second, Timeout: 30 * time.Second, MaxBytes: 10 << 20, MaxRedirects: 5,
			Ports: []uint16{80, 443, 8000, 8008, 8080, 8081, 8088, 8443, 8888},
		},
	}
}

//go:embed example.yaml
var example []byte

// Example is a configuration with every setting and what it means.
func Example() []byte { return bytes.Clone(example) }

// Load reads a file over the defaults.
func Load(path string) (Config, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return Config{}, err
	}
	c, err := Parse(b)
	if err != nil {
		return Config{}, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}

// Parse reads YAML over the defaults. Unknown settings are faults.
func Parse(b []byte) (Config, error) {
	c := Default()
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	if err := d.Decode(&c); err != nil && !errors.Is(err, io.EOF) {
		return Config{}, err
	}
	if c.Fetch.UserAgent == "" && c.Paper.Website != "" {
		c.Fetch.UserAgent = "Rightsdesk/1.0 (+" + c.Paper.Website + ")"
	}
	return c, c.Validate()
}

// Link is the address of a path of the service: below PublicURL, or where it
// listens on this machine.
func (c Config) Link(path string) string {
	if c.PublicURL != "" {
		return strings.TrimSuffix(c.PublicURL, "/") + path
	}
	host, port, _ := net.SplitHostPort(c.Listen) // Validate has split it
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port) + path
}

// DatabaseURL is where the store lies.
func (c Config) DatabaseURL() string {
	if c.Database != "" {
		return c.Database
	}
	return filepath.Join(c.Data, "rightsdesk.db")
}
