package browser_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"rightsdesk/internal/browser"
	"rightsdesk/internal/testenv"
)

// trap is a server on an address that nobody opened, over TCP and over UDP.
type trap struct {
	*httptest.Server
	udp     string
	reached atomic.Int64
}

func newTrap(t *testing.T) *trap {
	t.Helper()
	trap := &trap{}
	trap.Server = httptest.NewUnstartedServer(http.NotFoundHandler())
	var listen net.ListenConfig
	l, err := listen.Listen(t.Context(), "tcp", "127.0.0.9:0")
	check(t, err)
	trap.Listener = counted{l, &trap.reached}
	trap.Start()
	t.Cleanup(trap.Close)
	packets, err := listen.ListenPacket(t.Context(), "udp", l.Addr().String())
	check(t, err)
	trap.udp = packets.LocalAddr().String()
	t.Cleanup(func() { packets.Close() })
	go func() {
		for b := make([]byte, 2048); ; {
			if _, _, err := packets.ReadFrom(b); err != nil {
				return
			}
			trap.reached.Add(1)
		}
	}()
	return trap
}

// counted counts the connections, whatever comes over them.
type counted struct {
	net.Listener
	n *atomic.Int64
}

func (c counted) Accept() (net.Conn, error) {
	conn, err := c.Listener.Accept()
	if err == nil {
		c.n.Add(1)
	}
	return conn, err
}

// TestInsideAddresses: no address inside is reached, be it asked for, a redirect's
// target or what DNS gives for a name, by any kind of request. Each is refused where
// it is connected to, or by the proxy.
func TestInsideAddresses(t *testing.T) {
	was := net.DefaultResolver
	t.Cleanup(func() { net.DefaultResolver = was })
	net.DefaultResolver = testenv.Resolver(t, testenv.InsideNames())
	var hosts []string
	for _, address := range testenv.InsideAddresses() {
		host := netip.MustParseAddr(address).String()
		if strings.Contains(host, ":") {
			host = "[" + host + "]"
		}
		if netip.MustParseAddr(address).Unmap().String() != "127.0.0.1" { // at which the site of this test is
			hosts = append(hosts, host)
		}
	}
	for name := range testenv.InsideNames() {
		if host := strings.TrimSuffix(name, "."); host != "loopback.example" && host != "mapped.example" {
			hosts = append(hosts, host)
		}
	}
	for _, port := range testenv.ClosedPorts() {
		hosts = append(hosts, "8.8.8.8:"+port)
	}
	mux := site()
	mux.HandleFunc("/to", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.URL.Query().Get("url"), http.StatusFound)
	})
	for _, c := range []struct {
		name, code string
		at         string // of the line of the log, after which the host stands
		most       int    // hosts of a page
	}{
		{"asked for", `await ask("http://" + host + "/")`, "//", len(hosts)},
		{"redirects to", `await ask("/to?url=" + encodeURIComponent("http://" + host + "/"))`, "//", len(hosts)},
		{"over TLS", `await ask("https://" + host + "/")`, "//", len(hosts)},
		// Chromium makes a page wait the longer, the more of them have failed.
		{"WebSocket", `const s = new WebSocket("ws://" + host + "/"); s.onopen = () => { open++ }
			await new Promise(done => { s.onclose = done; s.onerror = done })`, "target=", 6},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, mux, browser.Limits{Requests: 200})
			for list := range slices.Chunk(hosts, c.most) {
				v := h.draw(fmt.Sprintf(asks, strings.Join(list, " "), c.code))
				if want := fmt.Sprintf("0 open, %d asked", len(list)); v.Text != want || len(v.Exchanges) > 0 {
					t.Errorf("%q, want %q; %v", v.Text, want, asked(v))
				}
			}
			for _, host := range hosts {
				tried := h.log.lines(c.at + host)
				if ip, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil && ip.Is4In6() {
					b := ip.As16() // as browsers spell it
					tried = append(tried, h.log.lines(fmt.Sprintf("%s[::ffff:%x:%x]", c.at, int(b[12])<<8|int(b[13]), int(b[14])<<8|int(b[15])))...)
				}
				refused := slices.ContainsFunc(tried, func(line string) bool {
					return strings.Contains(line, "may not be connected to") || strings.Contains(line, "refused a way out")
				})
				// Chromium itself refuses the ports of mail and the like.
				if !refused && !strings.HasPrefix(host, "8.8.8.8:") {
					t.Errorf("%s was not refused", host)
				}
			}
		})
	}
}

// asks is a page that asks hosts one after the other, and says how many it reached.
const asks = `<p id="p"></p><script>let open = 0, closed = 0;
	async function ask(url) { try { await fetch(url, {mode: "no-cors"}); open++ } catch { } }
	(async () => { for (const host of %[1]q.split(" ")) { try { %[2]s } catch { } closed++; p.innerText = open + " open, " + closed + " asked" } })()</script>`

// TestNoOtherWayOut: a page in a browser has many ways to reach something, and none
// leads anywhere.
func TestNoOtherWayOut(t *testing.T) {
	trap := newTrap(t)
	mux := site()
	mux.HandleFunc("/worker.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprintf(w, `fetch(%q).catch(() => 0); new WebSocket("ws://%s/worker")`, trap.URL+"/worker", trap.Listener.Addr())
	})
	for name, body := range map[string]string{
		"elements": `<img src="INSIDE/a"><img srcset="INSIDE/a2 2x"><iframe src="INSIDE/b"></iframe><script src="INSIDE/c"></script><link rel="stylesheet" href="INSIDE/d"><object data="INSIDE/e"></object>
			<embed src="INSIDE/f"><video src="INSIDE/g" autoplay></video><audio src="INSIDE/h" autoplay></audio><link rel="icon" href="INSIDE/i"><link rel="manifest" href="INSIDE/j">
			<style>@import "INSIDE/k"; p { background: url(INSIDE/l) } @font-face { font-family: x; src: url(INSIDE/m) } p { font-family: x }</style><svg><image href="INSIDE/n"/><use href="INSIDE/o#a"/></svg>
			<track src="INSIDE/p"><input type="image" src="INSIDE/q"><body background="INSIDE/r">`,
		"hints": `<link rel="preconnect" href="INSIDE"><link rel="dns-prefetch" href="INSIDE"><link rel="prefetch" href="INSIDE/a"><link rel="preload" as="fetch" href="INSIDE/b"><link rel="modulepreload" href="INSIDE/c"><link rel="prerender" href="INSIDE/d">
			<script type="speculationrules">{"prerender": [{"source": "list", "urls": ["INSIDE/e"]}], "prefetch": [{"source": "list", "urls": ["INSIDE/f"]}]}</script>`,
		"scripts": `<script>fetch("INSIDE/a").catch(()=>{}); fetch("INSIDE/b", {method: "POST", body: "x"}).catch(()=>{}); fetch("INSIDE/b2", {headers: {"X-A": "b"}}).catch(()=>{}); fetch("INSIDE/b3", {keepalive: true}).catch(()=>{});
			const x = new XMLHttpRequest(); x.open("GET", "INSIDE/c"); x.send(); navigator.sendBeacon("INSIDE/d", "x"); new EventSource("INSIDE/e"); new WebSocket("ws://HOST/f"); import("INSIDE/g").catch(()=>{});
			const y = new XMLHttpRequest(); y.open("GET", "INSIDE/h", false); try { y.send() } catch {}</script>`,
		"workers": `<script>new Worker("/worker.js"); new Worker(URL.createObjectURL(new Blob(['fetch("INSIDE/a").catch(()=>0); importScripts("INSIDE/b")'])));
			try { new SharedWorker("/worker.js") } catch {}; try { navigator.serviceWorker.register("/worker.js").catch(()=>0) } catch {}</script>`,
		"WebRTC and WebTransport": `<script>for (const url of ["stun:HOST", "turn:HOST?transport=udp", "turn:HOST?transport=tcp"]) { try {
			const c = new RTCPeerConnection({iceServers: [{urls: url, username: "a", credential: "b"}]}); c.createDataChannel("x"); c.createOffer().then(o => c.setLocalDescription(o)) } catch {} }
			try { new WebTransport("https://HOST/") } catch {}</script>`,
		"it leads inside":  `<script>location = "INSIDE/a"</script>`,
		"it sends a form":  `<form method="post" action="INSIDE/a"></form><script>document.forms[0].submit()</script>`,
		"it opens windows": `<a id="a" href="INSIDE/a" target="_blank">x</a><script>for (let i=0;i<20;i++) window.open("INSIDE/k"+i); a.click(); a.ping = "INSIDE/p"; a.click()</script>`,
		"a frame does":     `<iframe srcdoc="<script>fetch('INSIDE/a').catch(()=>{}); new WebSocket('ws://HOST/b'); location='INSIDE/c'</script>"></iframe><iframe src="data:text/html,<img src=INSIDE/d><script>top.location='INSIDE/e'</script>"></iframe>`,
		"a refresh":        `<meta http-equiv="refresh" content="0;url=INSIDE/a">`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			host := trap.Listener.Addr().String()
			h := newHouse(t, mux, browser.Limits{})
			v := h.draw("<p>江水东流</p>" + strings.NewReplacer("INSIDE", trap.URL, "HOST", host).Replace(body))
			if !strings.Contains(v.Text, "江水东流") {
				t.Errorf("text %q", v.Text)
			}
			if n := trap.reached.Load(); n > 0 {
				t.Errorf("an inside address was reached %d times", n)
			}
		})
	}
}
