package fetch

import (
	"bufio"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"rightsdesk/internal/rights"
)

// Options sets a [Fetcher] up. Zero values mean: no delay, MaxWait five minutes,
// Timeout 30 seconds, MaxBytes 10 MiB, MaxRedirects 10 (a negative number means
// none), ports 80 and 443, nothing allowed, nothing mapped, nothing logged.
type Options struct {
	UserAgent    string            // who asks, with a contact URL; robots.txt is read for the part before "/"
	Delay        time.Duration     // least rest of one host name between two requests
	MaxWait      time.Duration     // longest that a request waits for a host; it is put off where it would be longer
	Timeout      time.Duration     // for one exchange, from connecting to the last byte
	MaxBytes     int64             // of the decoded body, and of the body on the wire
	MaxRedirects int               // in one Get
	Allow        []netip.Prefix    // ranges, otherwise forbidden, that may be connected to
	Ports        []uint16          // that may be connected to; the resolver map's are beside them
	Turns        SharedTurns       // of several machines at hosts; nil where this one is alone
	Resolver     map[string]string // host name to "address:port": the connection goes there, URL and Host stay
	Logger       *slog.Logger
}

// Fetcher gets pages. It is safe for concurrent use and remembers robots.txt
// and the last request of every host.
type Fetcher struct {
	opt      Options
	token    string
	resolver map[string]string
	dialer   *net.Dialer
	mapped   *net.Dialer // for addresses of the resolver map
	turns    *turns
	origins  *origins
	impact   *impact
}

// New returns a Fetcher.
func New(opt Options) *Fetcher {
	if opt.UserAgent == "" {
		opt.UserAgent = "Rightsdesk"
	}
	if opt.MaxWait <= 0 {
		opt.MaxWait = 5 * time.Minute
	}
	if opt.Timeout <= 0 {
		opt.Timeout = 30 * time.Second
	}
	if opt.MaxBytes <= 0 {
		opt.MaxBytes = 10 << 20
	}
	switch {
	case opt.MaxRedirects == 0:
		opt.MaxRedirects = 10
	case opt.MaxRedirects < 0:
		opt.MaxRedirects = 0
	}
	if len(opt.Ports) == 0 {
		opt.Ports = []uint16{80, 443}
	}
	if opt.Logger == nil {
		opt.Logger = slog.New(slog.DiscardHandler)
	}
	return &Fetcher{
		opt: opt, token: productToken(opt.UserAgent), resolver: mapResolver(opt.Resolver),
		dialer: newDialer(opt.Allow, opt.Ports), mapped: newDialer(opt.Allow, nil), origins: newOrigins(), impact: newImpact(),
		turns: &turns{maxWait: opt.MaxWait, shared: opt.Turns, hold: opt.Timeout + holdMargin, hosts: map[string]*turn{}},
	}
}

// UserAgent is who asks.
func (f *Fetcher) UserAgent() string { return f.opt.UserAgent }

// Request asks for one page.
type Request struct {
	URL string
	// ETag and LastModified are those of the last look and make the request
	// conditional; they are sent to the URL's own host only.
	ETag, LastModified string
	// Rest, where it is not zero, is the least rest of the URL's host from now on.
	Rest time.Duration
}

// Exchange is what happened on the wire in the last hop; the redirects that led
// to it stand in Redirects, in order.
type Exchange struct {
	URL         string // as asked for
	FinalURL    string // of this hop
	FetchedAt   time.Time
	Status      int
	Header      http.Header
	Body        []byte               // content encoding removed, possibly cut
	Truncated   bool                 // Body is not all there was
	Cut         string               // why, in the words of WARC-Truncated: length, time, disconnect, unspecified
	NotModified bool                 // 304: the page is as at the last look, and Body empty
	RemoteAddr  string               // address:port
	Resolved    []string             // addresses that DNS named; none where the resolver was set
	TLS         *tls.ConnectionState // nil for http
	RequestRaw  []byte               // byte for byte as sent
	ResponseRaw []byte               // byte for byte as received
	Digest      string               // hex SHA-256 of Body
	Redirects   []*Exchange

	ETag, LastModified string

	// Robots is the robots.txt that allowed this hop; nil in the record of one.
	Robots *Robots
	// Mining is what the site says of text and data mining; nil where it says nothing.
	Mining *rights.Mining

	// View is how a browser showed the page, where one did: see [View.Exchange].
	View *View
}

// Get fetches one page. A response of any status is an Exchange; an error is a
// [rights.Error] of kind Invalid (the URL), Forbidden ([ErrRobots], [ErrBlocked]),
// TooLarge or Unavailable (with [ErrRobots] where robots.txt could not be had), or wraps the reason for which ctx ended.
func (f *Fetcher) Get(ctx context.Context, r Request) (*Exchange, error) {
	u, err := parseTarget(r.URL)
	if err != nil {
		return nil, err
	}
	if r.Rest > 0 {
		f.turns.slow(u.Hostname(), r.Rest)
	}
	origin := u.Host
	seen := map[string]bool{u.String(): true}
	var hops []*Exchange
	for {
		conditions := Request{URL: r.URL}
		if u.Host == origin {
			conditions = r
		}
		ex, err := f.page(ctx, u, conditions)
		if err != nil {
			return nil, err
		}
		next, err := redirect(u, ex)
		if err != nil {
			return nil, err
		}
		if next == nil {
			ex.URL, ex.Redirects = r.URL, hops
			if ex.Mining, err = f.mining(ctx, u, ex); err != nil {
				return nil, err
			}
			return ex, nil
		}
		if seen[next.String()] || len(hops) >= f.opt.MaxRedirects {
			return nil, rights.Errorf(rights.Unavailable, "网页的跳转过多或成环：%s", u.String()).Because(ErrRedirects)
		}
		seen[next.String()] = true
		hops = append(hops, ex)
		u = next
	}
}

// page is one hop, with its permission and its turn.
func (f *Fetcher) page(ctx context.Context, u *url.URL, r Request) (*Exchange, error) {
	robots, err := f.permit(ctx, u)
	if err != nil {
		return nil, err
	}
	ex, err := f.hop(ctx, u, hopOptions{request: r, delay: f.wish(robots), limit: f.opt.MaxBytes})
	if err == nil {
		ex.Robots = robots
	}
	return ex, err
}

func redirect(u *url.URL, ex *Exchange) (*url.URL, error) {
	switch ex.Status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return nil, nil
	}
	location := ex.Header.Get("Location")
	if location == "" {
		return nil, nil
	}
	next, err := u.Parse(location)
	if err == nil {
		next, err = parseTarget(next.String())
	}
	if err != nil {
		return nil, rights.Errorf(rights.Unavailable, "网页跳转到不可用的网址：%s", u.String()).Because(err)
	}
	return next, nil
}

type hopOptions struct {
	request Request
	delay   time.Duration
	limit   int64
}

func (f *Fetcher) hop(ctx context.Context, u *url.URL, opt hopOptions) (*Exchange, error) {
	t, err := f.turns.take(ctx, u.Hostname(), opt.delay)
	if errors.Is(err, ErrPostponed) {
		return nil, rights.Errorf(rights.Unavailable, "对方网站要求稍后再访问：%s", u.Hostname()).Because(err)
	}
	if err != nil {
		return nil, wireError(ctx, u.String(), err)
	}
	begun := time.Now()
	ex, err := f.exchange(ctx, u, opt)
	a := answer{took: time.Since(begun)}
	switch {
	case err == nil:
		a.status, a.retryAfter = ex.Status, retryAfter(ex.Status, ex.Header, ex.FetchedAt)
	case ctx.Err() != nil || errors.Is(err, ErrBlocked):
		a.ours = true
	}
	if !errors.Is(err, ErrBlocked) { // else nothing was sent
		f.impact.request(u.Hostname(), t.rested, a, ex)
	}
	if e := t.done(ctx, a); e != nil {
		f.opt.Logger.LogAttrs(ctx, slog.LevelError, "the turn at a host is not given back", slog.String("host", u.Hostname()), slog.Any("error", e))
	}
	if err != nil {
		f.opt.Logger.LogAttrs(ctx, slog.LevelInfo, "fetch failed", slog.String("url", u.String()), slog.Any("error", err))
		return nil, wireError(ctx, u.String(), err)
	}
	f.opt.Logger.LogAttrs(ctx, slog.LevelDebug, "fetched", slog.String("url", u.String()), slog.Int("status", ex.Status),
		slog.Int("bytes", len(ex.Body)), slog.Bool("truncated", ex.Truncated), slog.Duration("took", a.took))
	return ex, nil
}

// headRoom is what the head of a response and its chunking may take beside the body.
const headRoom = 256 << 10

func (f *Fetcher) exchange(ctx context.Context, u *url.URL, opt hopOptions) (*Exchange, error) {
	ctx, cancel := context.WithTimeout(ctx, f.opt.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	f.setHeader(req, opt.request)
	at := time.Now().UTC().Truncate(time.Microsecond)
	conn, err := f.dial(ctx, u, headRoom)
	if err != nil {
		return nil, stopped(ctx, err)
	}
	defer conn.Close() //nolint:errcheck // everything wanted has been read by then
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	cut, err := talk(conn, req, opt.limit)
	if err != nil {
		return nil, stopped(ctx, err)
	}
	if cut != "" && ctx.Err() != nil {
		if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return nil, ctx.Err()
		}
		cut = "time"
	}
	ex := &Exchange{
		URL: u.String(), FinalURL: u.String(), FetchedAt: at, RemoteAddr: conn.remote, Resolved: conn.resolved, TLS: conn.tls, Cut: cut,
		RequestRaw: conn.sent.Bytes(), ResponseRaw: conn.got.Bytes(),
	}
	return ex, ex.parse(opt.limit)
}

// stopped prefers the reason for which ctx ended over the broken connection
// that ending it left behind.
func stopped(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%w: %w", ctx.Err(), err)
	}
	return err
}

func (f *Fetcher) setHeader(req *http.Request, r Request) {
	req.Close = true
	req.Header.Set("User-Agent", f.opt.UserAgent)
	req.Header.Set("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
	req.Header.Set("Accept-Language", "zh-CN,zh;q=0.9,en;q=0.5")
	req.Header.Set("Accept-Encoding", "gzip")
	if r.ETag != "" {
		req.Header.Set("If-None-Match", headerValue(r.ETag))
	}
	if r.LastModified != "" {
		req.Header.Set("If-Modified-Since", headerValue(r.LastModified))
	}
}

// headerValue drops what a stored value could smuggle into the request.
func headerValue(s string) string {
	clean := make([]byte, 0, len(s))
	for i := range len(s) {
		if s[i] >= 0x20 && s[i] != 0x7f {
			clean = append(clean, s[i])
		}
	}
	return string(clean)
}

// talk writes the request and reads the answer to its end or to a limit; cut
// says why an answer whose head is complete ended early.
func talk(conn *recorder, req *http.Request, limit int64) (cut string, err error) {
	if err := req.Write(conn); err != nil {
		return "", err
	}
	resp, err := readResponse(bufio.NewReader(conn))
	if err != nil {
		return "", err
	}
	defer resp.Body.Close() //nolint:errcheck // the connection is closed next
	conn.mu.Lock()
	conn.left += limit
	conn.mu.Unlock()
	n, err := io.Copy(io.Discard, io.LimitReader(resp.Body, limit+1))
	switch {
	case n > limit || errors.Is(err, errTooLong):
		return "length", nil
	case err != nil:
		return "disconnect", nil
	}
	return "", nil
}

// parse fills in what follows from the recorded bytes.
func (ex *Exchange) parse(limit int64) error {
	resp, err := ParseResponse(ex.ResponseRaw)
	if err != nil {
		return err
	}
	body, cut, err := Decode(resp.Header, resp.Entity, limit)
	if err != nil {
		return err
	}
	if cut && ex.Cut == "" {
		ex.Cut = "unspecified"
		if int64(len(body)) == limit {
			ex.Cut = "length"
		}
	}
	if resp.Cut && ex.Cut == "" {
		ex.Cut = "disconnect"
	}
	ex.Status, ex.Header, ex.Body = resp.Status, resp.Header, body
	ex.Truncated = ex.Cut != ""
	ex.NotModified = ex.Status == http.StatusNotModified
	ex.ETag, ex.LastModified = ex.Header.Get("ETag"), ex.Header.Get("Last-Modified")
	sum := sha256.Sum256(body)
	ex.Digest = hex.EncodeToString(sum[:])
	return nil
}
