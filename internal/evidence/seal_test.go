package evidence_test

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"rightsdesk/internal/evidence"
	"rightsdesk/internal/testenv"
)

func TestSeal(t *testing.T) {
	dir := t.TempDir()
	s, f := open(t, dir), fetcher(t)
	seal := func(want int) []evidence.Seal {
		t.Helper()
		sealed, err := s.Seal()
		if err != nil || len(sealed) != want {
			t.Fatalf("sealed %+v, %v; want %d", sealed, err, want)
		}
		return sealed
	}
	seal(0)
	first := put(t, s, get(t, f, "/plain"))
	one := seal(1)
	seal(0)
	second := put(t, s, get(t, f, "/gone"))
	if first.File == second.File || one[0].File != first.File {
		t.Errorf("a record was put into the sealed %s: %s", first.File, second.File)
	}
	// A process that ends leaves its file open for the next one; a sealed one not.
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	if third := put(t, s, get(t, f, "/chunked")); third.File != second.File {
		t.Errorf("the unsealed %s was left for %s", second.File, third.File)
	}
	seal(1)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	if fourth := put(t, s, get(t, f, "/plain")); fourth.File == second.File {
		t.Errorf("a record was put into the sealed %s after a start", second.File)
	}
	if sum := sound(t, dir, 15); sum.Sealed != 2 || sum.Files != 3 {
		t.Errorf("%+v", sum)
	}
	all, err := evidence.Seals(dir)
	if err != nil || len(all) != 2 || all[0] != one[0] {
		t.Errorf("seals %+v, %v", all, err)
	}
	cmd := exec.CommandContext(t.Context(), testenv.Program(t, "sha256sum"), "-c", first.File+".sha256", second.File+".sha256")
	cmd.Dir = filepath.Join(dir, "evidence")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestPutToken(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	ref := put(t, s, get(t, fetcher(t), "/plain"))
	if err := s.PutToken(ref.File, "yunzhang", []byte("1")); err == nil {
		t.Error("a stamp was put beside an open file")
	}
	if _, err := s.Seal(); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		file, authority, response string
		ok                        bool
	}{
		{ref.File, "yunzhang", "1", true},
		{ref.File, "yunzhang", "1", true},
		{ref.File, "yunzhang", "2", false}, // written once
		{ref.File, "qingce", "2", true},
		{ref.File, "../up", "2", false},
		{"../" + ref.File, "qingce", "2", false},
		{"other.warc.gz", "qingce", "2", false},
	} {
		if err := s.PutToken(tt.file, tt.authority, []byte(tt.response)); (err == nil) != tt.ok {
			t.Errorf("%+v: %v", tt, err)
		}
	}
	if got := readFile(t, filepath.Join(dir, "evidence", evidence.TokenName(ref.File, "yunzhang"))); string(got) != "1" {
		t.Errorf("the stamp is %q", got)
	}
	if left := glob(t, filepath.Join(dir, "evidence", "*.new")); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

func TestVerifySealed(t *testing.T) {
	for name, content := range map[string]string{
		"another digest":  strings.Repeat("0", 64) + "  FILE\n",
		"no digest":       "封存\n",
		"of another file": strings.Repeat("0", 64) + "  x.warc.gz\n",
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, dir)
			ref := put(t, s, get(t, fetcher(t), "/plain"))
			if _, err := s.Seal(); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, "evidence", ref.File+".sha256")
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			writeFile(t, path, []byte(strings.ReplaceAll(content, "FILE", ref.File)))
			if _, problems := verify(t, dir); len(problems) != 1 || problems[0].File != ref.File {
				t.Errorf("%+v", problems)
			}
		})
	}
}

// TestEnvironment: beside each response stands how it was had.
func TestEnvironment(t *testing.T) {
	page := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("江水东流")) }))
	defer page.Close()
	dir := t.TempDir()
	s := open(t, dir)
	ex := get(t, fetcher(t), "/plain")
	ex.Resolved = []string{"203.0.113.7", "203.0.113.8"}
	ex.TLS = &tls.ConnectionState{Version: tls.VersionTLS13, CipherSuite: tls.TLS_AES_128_GCM_SHA256, PeerCertificates: []*x509.Certificate{page.Certificate()}}
	ref := put(t, s, ex)
	z, err := gzip.NewReader(bytes.NewReader(readFile(t, filepath.Join(dir, "evidence", ref.File))))
	if err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"WARC-Type: metadata\r\n", "WARC-Concurrent-To: <" + ref.RecordID + ">\r\nContent-Type: application/warc-fields",
		"software: rightsdesk ", "hostname: ", "dns: 203.0.113.7, 203.0.113.8\r\n", "connected: 127.0.0.1:", "tls: TLS 1.3 TLS_AES_128_GCM_SHA256\r\n",
		"tls-certificate: " + base64.StdEncoding.EncodeToString(page.Certificate().Raw) + "\r\n",
	} {
		if !bytes.Contains(all, []byte(want)) {
			t.Errorf("lacks %q:\n%s", want, all)
		}
	}
	if runtime.GOOS == "linux" && !regexp.MustCompile(`\nclock: (not )?synchronised, offset -?\d+\.\d{6} s, error at most \d+\.\d{6} s\r\n`).Match(all) {
		t.Errorf("does not say how the clock stood:\n%s", all)
	}
}
