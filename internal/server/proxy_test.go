package server_test

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"
)

// TestProxies: what is said of where a request comes from counts where a
// trusted proxy says it.
func TestProxies(t *testing.T) {
	for _, tt := range []struct {
		name    string
		trusted string
		headers map[string]string
		remote  string
		secure  bool
	}{
		{"no proxy", "127.0.0.0/8", nil, "127.0.0.1", false},
		{"a trusted one", "127.0.0.0/8", map[string]string{"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}, "203.0.113.9", true},
		{"one that speaks plain HTTP", "127.0.0.0/8", map[string]string{"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http"}, "203.0.113.9", false},
		{"what the client made up before it", "127.0.0.0/8", map[string]string{"X-Forwarded-For": "198.51.100.1, 203.0.113.9"}, "203.0.113.9", false},
		{"one that is not trusted", "10.0.0.0/8", map[string]string{"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}, "127.0.0.1", false},
		{"by another name", "127.0.0.0/8", map[string]string{"X-Url-Scheme": "https", "X-Forwarded-Ssl": "on", "X-Forwarded-Protocol": "https"}, "127.0.0.1", false},
		{"not a scheme", "127.0.0.0/8", map[string]string{"X-Forwarded-Proto": "javascript"}, "127.0.0.1", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := openBehind(t, []netip.Prefix{netip.MustParsePrefix(tt.trusted)})
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/login?lang=en&token="+s.link, nil)
			if err != nil {
				t.Fatal(err)
			}
			for name, value := range tt.headers {
				req.Header.Set(name, value)
			}
			resp, err := (&http.Transport{}).RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			cookies := resp.Cookies()
			if len(cookies) != 2 {
				t.Fatalf("cookies %v", cookies)
			}
			for _, c := range cookies {
				if c.Secure != tt.secure {
					t.Errorf("cookie %s: secure %v, want %v", c.Name, c.Secure, tt.secure)
				}
			}
			if !strings.Contains(s.log.String(), `"remote":"`+tt.remote+`"`) {
				t.Errorf("the log does not say %s:\n%s", tt.remote, s.log.String())
			}
		})
	}
}
