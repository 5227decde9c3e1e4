package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Validate names every fault. What a source must hold is checked where it is
// stored.
func (c Config) Validate() error {
	var f faults
	c.validatePlaces(&f)
	if c.AnswerDays < 1 {
		f.add("answer_days: wants at least 1, is %d", c.AnswerDays)
	}
	if c.Paper.Name == "" {
		f.add("paper.name: is missing")
	}
	if c.Paper.Owner == "" {
		f.add("paper.owner: is missing")
	}
	if c.Paper.Website != "" && !isWebURL(c.Paper.Website) {
		f.add("paper.website: wants an address as https://www.example.com/, is %q", c.Paper.Website)
	}
	f.hosts("own_hosts", c.OwnHosts)
	c.Fetch.validate(&f)
	seen := map[string]bool{}
	for i, s := range c.Sources {
		if seen[s.ID] {
			f.add("sources[%d].id: %q is used twice", i, s.ID)
		}
		seen[s.ID] = true
	}
	for i, l := range c.Licences {
		l.validate(&f, fmt.Sprintf("licences[%d]", i))
	}
	c.validateTimeStamps(&f)
	if u, err := url.Parse(c.Storage); c.Storage != "" && (err != nil || u.Scheme != "s3" || u.Host == "" || u.Query().Get("endpoint") == "" || u.User != nil) {
		f.add("storage: wants s3://BUCKET/PREFIX?endpoint=HOST:PORT&region=R, without keys, is %q", c.Storage)
	}
	return errors.Join(f...)
}

var authorityID = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)

func (c Config) validateTimeStamps(f *faults) {
	seen := map[string]bool{}
	for i, a := range c.TimeStamps {
		if !authorityID.MatchString(a.ID) || seen[a.ID] {
			f.add("time_stamps[%d].id: wants lower case letters, digits and hyphens, each ID once, is %q", i, a.ID)
		}
		if seen[a.ID] = true; !isWebURL(a.URL) {
			f.add("time_stamps[%d].url: wants an address as https://tsa.example.com/, is %q", i, a.URL)
		}
	}
}

type faults []error

func (f *faults) add(format string, args ...any) { *f = append(*f, fmt.Errorf(format, args...)) }

// hosts names what is no plain host name.
func (f *faults) hosts(setting string, list []string) {
	for i, h := range list {
		if !hostName.MatchString(h) {
			f.add("%s[%d]: wants a host name as news.example.com, is %q", setting, i, h)
		}
	}
}

var hostName = regexp.MustCompile(`^[\pL\pN_-]+(\.[\pL\pN_-]+)*$`)

func (c Config) validatePlaces(f *faults) {
	switch {
	case c.Data == "":
		f.add("data: is missing")
	case c.KeyFile == "":
		f.add("key_file: is missing")
	case inside(c.Data, c.KeyFile):
		f.add("key_file: wants to lie outside data, is %q in %q", c.KeyFile, c.Data)
	}
	if c.Metrics != "" && !isAddress(c.Metrics) {
		f.add("metrics: wants host:port, is %q", c.Metrics)
	}
	if !isAddress(c.Listen) {
		f.add("listen: wants host:port, is %q", c.Listen)
	}
	if u, err := url.Parse(c.PublicURL); c.PublicURL != "" && (!isWebURL(c.PublicURL) || err == nil && (strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "")) {
		f.add("public_url: wants an address without a path as https://rights.example.com, is %q", c.PublicURL)
	}
}

// inside reports whether a file lies below a folder, links left aside. Paths
// that cannot be compared count as inside.
func inside(folder, file string) bool {
	a, err1 := filepath.Abs(folder)
	b, err2 := filepath.Abs(file)
	rel, err3 := filepath.Rel(a, b)
	return errors.Join(err1, err2, err3) != nil || rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// isAddress accepts host:port; the host may be empty.
func isAddress(s string) bool {
	_, port, err := net.SplitHostPort(s)
	if err != nil {
		return false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return err == nil
}

func isWebURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}

var contactURL = regexp.MustCompile(`https?://[^\s/()]+`)

func (c Fetch) validate(f *faults) {
	if !contactURL.MatchString(c.UserAgent) || strings.ContainsAny(c.UserAgent, "\r\n") {
		f.add("fetch.user_agent: wants one line with a URL at which you can be reached, as Rightsdesk/1.0 (+https://www.example.com/), is %q; or set paper.website", c.UserAgent)
	}
	if c.Delay < 0 {
		f.add("fetch.delay: wants zero or more, is %v", c.Delay)
	}
	if c.Timeout <= 0 {
		f.add("fetch.timeout: wants more than zero, is %v", c.Timeout)
	}
	if c.MaxBytes <= 0 {
		f.add("fetch.max_bytes: wants more than zero, is %d", c.MaxBytes)
	}
	if c.MaxRedirects == 0 || c.MaxRedirects < -1 {
		f.add("fetch.max_redirects: wants at least 1, or -1 for none, is %d", c.MaxRedirects)
	}
	if len(c.Ports) == 0 || slices.Contains(c.Ports, 0) {
		f.add("fetch.ports: wants at least one port of 1 to 65535, is %v", c.Ports)
	}
	for host, address := range c.Resolver {
		if !hostName.MatchString(host) || !isAddress(address) {
			f.add("fetch.resolver: wants a host name and address:port, is %q: %q", host, address)
		}
	}
}

func (l Licence) validate(f *faults, setting string) {
	if l.ID == "" || l.Licensee == "" || len(l.Hosts) == 0 {
		f.add("%s: wants id, licensee and hosts", setting)
	}
	f.hosts(setting+".hosts", l.Hosts)
	if _, err := time.Parse(time.DateOnly, l.From); err != nil {
		f.add("%s.from: wants a day as 2006-01-02, is %q", setting, l.From)
	}
	if _, err := time.Parse(time.DateOnly, l.To); l.To != "" && (err != nil || l.To < l.From) {
		f.add("%s.to: wants a day as 2006-01-02 after from, is %q", setting, l.To)
	}
}
