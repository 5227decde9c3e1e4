package stamp_test

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rightsdesk/config"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/stamp"
	"rightsdesk/internal/testenv"
	"rightsdesk/internal/tsa"
)

const text = "江水东流，城门旧事。"

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// authority serves one and returns its client, with the file of its root.
func authority(t *testing.T, wrap func(http.Handler) http.Handler) (*stamp.Authority, string) {
	t.Helper()
	a, err := tsa.New("临江时间戳")
	check(t, err)
	server := httptest.NewServer(wrap(a))
	t.Cleanup(server.Close)
	roots := filepath.Join(t.TempDir(), "roots.pem")
	check(t, os.WriteFile(roots, a.RootPEM(), 0o600))
	list, err := stamp.New([]config.Authority{{ID: "linjiang", URL: server.URL, Roots: roots}})
	check(t, err)
	return list[0], roots
}

func plain(h http.Handler) http.Handler { return h }

func TestAsk(t *testing.T) {
	a, _ := authority(t, plain)
	response, token, err := a.Ask(t.Context(), digest(text))
	check(t, err)
	if off := time.Since(token.At); off < 0 || off > time.Minute {
		t.Errorf("the token is of %v", token.At)
	}
	again, err := stamp.Parse(response)
	check(t, err)
	check(t, again.Check(digest(text)))
	root, err := again.Trust(t.Context(), a.Roots)
	check(t, err)
	if root.Subject.CommonName != "临江时间戳 Root" || again.Serial != token.Serial {
		t.Errorf("root %v, serial %s and %s", root.Subject, again.Serial, token.Serial)
	}
	if err := again.Check(digest(text + "。")); err == nil {
		t.Error("a token passed for another text")
	}
	other, _ := authority(t, plain)
	if _, err := again.Trust(t.Context(), other.Roots); err == nil {
		t.Error("a token passed under another authority's root")
	}
	for i := range response { // a changed byte must never pass for the same stamp
		changed := append([]byte(nil), response...)
		changed[i] ^= 1
		token, err := stamp.Parse(changed)
		if err != nil || token.Check(digest(text)) != nil {
			continue
		}
		if _, err := token.Trust(t.Context(), a.Roots); err == nil && (!token.At.Equal(again.At) || token.Serial != again.Serial) {
			t.Errorf("byte %d changed: %v, serial %s", i, token.At, token.Serial)
		}
	}
}

// TestOpenSSL has the tokens checked by a program that is not ours.
func TestOpenSSL(t *testing.T) {
	openssl := testenv.Program(t, "openssl")
	a, roots := authority(t, plain)
	response, _, err := a.Ask(t.Context(), digest(text))
	check(t, err)
	dir := t.TempDir()
	for name, b := range map[string][]byte{"data": []byte(text), "other": []byte(text + "。"), "data.tsr": response} {
		check(t, os.WriteFile(filepath.Join(dir, name), b, 0o600))
	}
	for _, tt := range []struct {
		data string
		ok   bool
	}{{"data", true}, {"other", false}} {
		cmd := exec.CommandContext(t.Context(), openssl, "ts", "-verify", "-data", tt.data, "-in", "data.tsr", "-CAfile", roots)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if (err == nil) != tt.ok || strings.Contains(string(out), "Verification: OK") != tt.ok {
			t.Errorf("%s: %v\n%s", tt.data, err, out)
		}
	}
}

// TestNotHad: whatever an authority answers that is no good stamp is an error of
// the kind that is tried again.
func TestNotHad(t *testing.T) {
	var kept []byte
	for _, tt := range []struct {
		name string
		wrap func(http.Handler) http.Handler
	}{
		{"it is down", func(http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
		}},
		{"it sends a page", func(http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>维护中</html>")) })
		}},
		{"it sends without end", func(http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				for _, err := w.Write(make([]byte, 1<<20)); err == nil; _, err = w.Write(make([]byte, 1<<20)) {
				}
			})
		}},
		{"it leads elsewhere", func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/there" {
					h.ServeHTTP(w, r)
					return
				}
				http.Redirect(w, r, "/there", http.StatusTemporaryRedirect)
			})
		}},
		{"it sends an old stamp", func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if kept == nil {
					rec := httptest.NewRecorder()
					h.ServeHTTP(rec, r)
					kept = rec.Body.Bytes()
				}
				_, _ = w.Write(kept)
			})
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, _ := authority(t, tt.wrap)
			if tt.name == "it sends an old stamp" {
				_, _, err := a.Ask(t.Context(), digest(text))
				check(t, err)
			}
			if _, _, err := a.Ask(t.Context(), digest(text)); rights.KindOf(err) != rights.Unavailable {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestClockFarOff(t *testing.T) {
	authority, err := tsa.New("临江时间戳")
	check(t, err)
	request, err := os.ReadFile(request(t))
	check(t, err)
	response, err := authority.Stamp(request, time.Now().AddDate(2, 0, 0))
	check(t, err)
	token, err := stamp.Parse(response)
	check(t, err)
	roots := filepath.Join(t.TempDir(), "roots.pem")
	check(t, os.WriteFile(roots, authority.RootPEM(), 0o600))
	list, err := stamp.New([]config.Authority{{ID: "linjiang", Roots: roots}})
	check(t, err)
	if _, err := token.Trust(t.Context(), list[0].Roots); err == nil {
		t.Error("a stamp from after its certificate's end is trusted")
	}
}

// request is the file of a request that openssl made.
func request(t *testing.T) string {
	t.Helper()
	openssl := testenv.Program(t, "openssl")
	path := filepath.Join(t.TempDir(), "request.tsq")
	if out, err := exec.CommandContext(t.Context(), openssl, "ts", "-query", "-digest", digest(text), "-sha256", "-cert", "-out", path).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return path
}

func FuzzParse(f *testing.F) {
	a, err := tsa.New("临江时间戳")
	if err != nil {
		f.Fatal(err)
	}
	server := httptest.NewServer(a)
	defer server.Close()
	roots := filepath.Join(f.TempDir(), "roots.pem")
	if err := os.WriteFile(roots, a.RootPEM(), 0o600); err != nil {
		f.Fatal(err)
	}
	list, err := stamp.New([]config.Authority{{ID: "linjiang", URL: server.URL, Roots: roots}})
	if err != nil {
		f.Fatal(err)
	}
	response, _, err := list[0].Ask(f.Context(), digest(text))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(response)
	f.Add(response[:len(response)/2])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		token, err := stamp.Parse(b)
		if err == nil && token.Check(digest(text)) == nil {
			if _, err := token.Trust(t.Context(), list[0].Roots); err == nil && len(b) < 500 {
				t.Error("so short a stamp is trusted")
			}
		}
	})
}
