package server

import (
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/labstack/echo/v4"
)

// behind makes e believe trusted proxies, and nobody else, about where a request
// comes from: X-Forwarded-For, and X-Forwarded-Proto for whether by TLS.
func behind(e *echo.Echo, trusted []netip.Prefix) {
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range trusted {
		options = append(options, echo.TrustIPRange(&net.IPNet{IP: p.Masked().Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}))
	}
	e.IPExtractor = echo.ExtractIPFromXFFHeader(options...)
	e.Pre(func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r := c.Request()
			proto, _, _ := strings.Cut(r.Header.Get(echo.HeaderXForwardedProto), ",")
			for _, name := range []string{echo.HeaderXForwardedProto, echo.HeaderXForwardedProtocol, echo.HeaderXForwardedSsl, echo.HeaderXUrlScheme} {
				r.Header.Del(name) // echo believes each of them
			}
			if (proto == "http" || proto == "https") && from(r, trusted) {
				r.Header.Set(echo.HeaderXForwardedProto, proto)
			}
			return next(c)
		}
	})
}

// from reports whether the peer is one of the networks.
func from(r *http.Request, networks []netip.Prefix) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	for _, p := range networks {
		if p.Contains(peer.Addr().Unmap().WithZone("")) {
			return true
		}
	}
	return false
}
