package portal

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limiter lets each address do something n times in a window.
type limiter struct {
	mu    sync.Mutex
	every rate.Limit
	burst int
	known map[string]*rate.Limiter
}

const forgetAbove = 10_000 // addresses

func newLimiter(n int, window time.Duration) *limiter {
	return &limiter{every: rate.Every(window / time.Duration(n)), burst: n, known: map[string]*rate.Limiter{}}
}

// open reports whether the address may do it now, and takes nothing.
func (l *limiter) open(ip string) bool { return l.of(ip).Tokens() >= 1 }

// take counts that the address did it, and reports whether it might.
func (l *limiter) take(ip string) bool { return l.of(ip).Allow() }

func (l *limiter) of(ip string) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	ip = network(ip)
	if one, ok := l.known[ip]; ok {
		return one
	}
	if len(l.known) >= forgetAbove {
		for ip, one := range l.known {
			if one.Tokens() >= float64(l.burst) {
				delete(l.known, ip)
			}
		}
	}
	one := rate.NewLimiter(l.every, l.burst)
	l.known[ip] = one
	return one
}

// network is what one subscriber has: an IPv4 address or an IPv6 /64.
func network(ip string) string {
	a, err := netip.ParseAddr(ip)
	if err != nil || a.Unmap().Is4() {
		return ip
	}
	p, err := a.Prefix(64)
	if err != nil {
		return ip
	}
	return p.String()
}
