package evidence

import (
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"

	"rightsdesk/internal/fetch"
)

// Software names the program, its version and what it runs on.
func Software() string {
	version := []string{"rightsdesk"}
	if info, ok := debug.ReadBuildInfo(); ok {
		version = append(version, info.Main.Version)
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" || s.Key == "vcs.modified" {
				version = append(version, s.Key+"="+s.Value)
			}
		}
	}
	return fmt.Sprintf("%s, %s %s/%s", strings.Join(version, " "), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// environmentRecord says how a response was had: by which program on which
// machine, how its clock stood, what DNS answered, who was connected to and under
// which certificates.
func environmentRecord(ex *fetch.Exchange, common []field) *record {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	var b strings.Builder
	line := func(name, value string) {
		fmt.Fprintf(&b, "%s: %s\r\n", name, strings.NewReplacer("\r", " ", "\n", " ").Replace(value))
	}
	line("software", Software())
	line("hostname", host)
	line("clock", clock())
	if len(ex.Resolved) > 0 {
		line("dns", strings.Join(ex.Resolved, ", "))
	}
	line("connected", ex.RemoteAddr)
	if ex.TLS != nil {
		line("tls", fmt.Sprintf("%s %s", tls.VersionName(ex.TLS.Version), tls.CipherSuiteName(ex.TLS.CipherSuite)))
		for _, c := range ex.TLS.PeerCertificates {
			line("tls-certificate", base64.StdEncoding.EncodeToString(c.Raw))
		}
	}
	r := &record{kind: typeMetadata, id: newID(), url: ex.FinalURL, time: ex.FetchedAt, block: []byte(b.String())}
	r.extra = append(append(r.extra, common...), field{"Content-Type", "application/warc-fields"})
	return r
}
