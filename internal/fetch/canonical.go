package fetch

import (
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/idna"

	"rightsdesk/internal/rights"
)

const maxURL = 4096

// Canonical returns the form of a URL under which two looks at one page are
// equal: scheme and host in lower case, the host as punycode, no default port, no
// fragment, dot segments resolved, percent-escapes in upper case and only where
// needed, no tracking parameters, the query sorted by name (equal names keep
// their order). Canonical of its own result is the result. URLs that are not http or https, or carry a user name,
// are refused as [rights.Invalid].
func Canonical(rawURL string) (string, error) {
	u, err := parseTarget(rawURL)
	if err != nil {
		return "", err
	}
	u.RawQuery = canonicalQuery(u.RawQuery)
	return u.String(), nil
}

// parseTarget makes a URL safe to put on a request line, without changing what
// it asks for: the query keeps its order and all its parameters.
func parseTarget(rawURL string) (*url.URL, error) {
	raw := strings.TrimSpace(rawURL)
	if len(raw) > maxURL {
		return nil, rights.Errorf(rights.Invalid, "网址超过 %d 字节", maxURL)
	}
	raw, _, _ = strings.Cut(raw, "#")
	scheme, rest, ok := strings.Cut(raw, "://")
	if scheme = strings.ToLower(scheme); !ok || scheme != "http" && scheme != "https" {
		return nil, rights.Errorf(rights.Invalid, "网址须以 http:// 或 https:// 开头：%q", rawURL)
	}
	end := strings.IndexAny(rest, `/?\`)
	if end < 0 {
		end = len(rest)
	}
	host, err := canonicalHost(scheme, rest[:end])
	if err != nil {
		return nil, err
	}
	path, query, hasQuery := strings.Cut(rest[end:], "?")
	for i := range len(path) {
		if path[i] < 0x20 || path[i] == 0x7f {
			return nil, rights.Errorf(rights.Invalid, "网址含控制字符：%q", rawURL)
		}
	}
	path = removeDots(normalEscapes(strings.ReplaceAll(path, `\`, "/"), isPathByte))
	decoded, err := url.PathUnescape(path)
	if err != nil {
		return nil, rights.Errorf(rights.Invalid, "网址路径有误：%q", rawURL)
	}
	u := &url.URL{Scheme: scheme, Host: host, Path: decoded, RawPath: path}
	if hasQuery {
		u.RawQuery = normalEscapes(query, isQueryByte)
	}
	return u, nil
}

func canonicalHost(scheme, authority string) (string, error) {
	bad := func() (string, error) {
		return "", rights.Errorf(rights.Invalid, "网址的主机名有误：%q", authority)
	}
	if strings.Contains(authority, "@") {
		return "", rights.Errorf(rights.Invalid, "网址不得带用户名或口令")
	}
	host, port := authority, ""
	if i := strings.LastIndexByte(authority, ':'); i >= 0 && !strings.HasSuffix(authority, "]") {
		host, port = authority[:i], authority[i+1:]
	}
	if inner, ok := strings.CutPrefix(host, "["); ok {
		addr, err := netip.ParseAddr(strings.TrimSuffix(inner, "]"))
		if err != nil || !addr.Is6() || addr.Zone() != "" || !strings.HasSuffix(inner, "]") {
			return bad()
		}
		host = "[" + addr.String() + "]"
	} else {
		ascii, err := idna.Lookup.ToASCII(strings.TrimSuffix(host, "."))
		if again, e := idna.Lookup.ToASCII(ascii); err == nil && (e != nil || again != ascii) {
			return bad() // bytes that are no UTF-8 become a name nobody can look up
		}
		if err != nil || ascii == "" || strings.HasPrefix(ascii, ".") || strings.HasSuffix(ascii, ".") || strings.Contains(ascii, "..") || strings.ContainsAny(ascii, ":[]%/\\?# ") {
			return bad()
		}
		host = strings.ToLower(ascii)
	}
	if port == "" {
		return host, nil
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 {
		return bad()
	}
	if n == 80 && scheme == "http" || n == 443 && scheme == "https" {
		return host, nil
	}
	return host + ":" + strconv.FormatUint(n, 10), nil
}

func canonicalQuery(query string) string {
	pairs := slices.DeleteFunc(strings.Split(query, "&"), func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		return pair == "" || isTracking(strings.ToLower(name))
	})
	slices.SortStableFunc(pairs, func(a, b string) int {
		nameA, _, _ := strings.Cut(a, "=")
		nameB, _, _ := strings.Cut(b, "=")
		return strings.Compare(nameA, nameB)
	})
	return strings.Join(pairs, "&")
}

// isTracking knows the parameters that name the way a reader came, not the page.
func isTracking(name string) bool {
	if strings.HasPrefix(name, "utm_") || strings.HasPrefix(name, "share") || strings.HasPrefix(name, "wxshare") {
		return true
	}
	switch name {
	case "spm", "scm", "from", "fromid", "isappinstalled", "nsukey", "bd_vid", "vd_source",
		"hmsr", "hmpl", "hmcu", "hmkw", "hmci", "fbclid", "gclid", "msclkid", "yclid", "_ga":
		return true
	}
	return false
}

func isUnreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
		c == '-' || c == '.' || c == '_' || c == '~'
}

func isPathByte(c byte) bool {
	return isUnreserved(c) || strings.IndexByte("!$&'()*+,;=:@/", c) >= 0
}

func isQueryByte(c byte) bool { return isPathByte(c) || c == '?' }

// normalEscapes decodes the escapes of unreserved characters, writes the others
// in upper case and escapes what keep does not let stand. A percent sign that
// begins no escape becomes one.
func normalEscapes(s string, keep func(byte) bool) string {
	const hexDigits = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '%' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				i += 2
				if isUnreserved(byte(n)) {
					b.WriteByte(byte(n))
				} else {
					b.WriteString("%" + string(hexDigits[n>>4]) + string(hexDigits[n&15]))
				}
				continue
			}
		}
		if keep(c) {
			b.WriteByte(c)
		} else {
			b.WriteString("%" + string(hexDigits[c>>4]) + string(hexDigits[c&15]))
		}
	}
	return b.String()
}

// removeDots is RFC 3986, section 5.2.4, for an absolute path.
func removeDots(path string) string {
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	out := make([]string, 0, len(segments))
	for i, segment := range segments {
		last := i == len(segments)-1
		switch segment {
		case ".":
		case "..":
			if len(out) > 0 {
				out = out[:len(out)-1]
			}
		default:
			out = append(out, segment)
			continue
		}
		if last {
			out = append(out, "")
		}
	}
	return "/" + strings.Join(out, "/")
}
