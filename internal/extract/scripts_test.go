package extract_test

import (
	"strings"
	"testing"

	"rightsdesk/internal/extract"
)

func TestNeedsScripts(t *testing.T) {
	const nav = `<div class="nav"><a href="/">首页</a><a href="/news/">新闻</a><a href="/life/">生活</a></div>`
	const foot = `<div class="footer">云城网络传媒有限公司版权所有 未经授权不得转载 客服电话 000-22220000 备案号 云备00000000号</div>`
	const app = `<script src="/app.js"></script>`
	body := "<p>" + strings.Repeat("潮水退去，滩涂上留下一行行脚印，孩子们提着小桶跑在前面。", 6) + "</p>"
	links := "<ul>" + strings.Repeat(`<li><a href="/n/1.html">沿江步道改造完成，市民散步有了新去处</a></li>`, 12) + "</ul>"
	for name, c := range map[string]struct {
		page string
		want bool
	}{
		"a shell":                         {`<title>云城网</title><div id="app"></div>` + app, true},
		"a shell that asks for scripts":   {`<noscript>请启用 JavaScript 后浏览本站</noscript><div id="app">正在加载…</div>` + app, true},
		"a shell with the site around it": {nav + `<div id="app"></div>` + foot + app, true},
		"a shell in capitals":             {`<DIV ID="app"></DIV><SCRIPT SRC="/app.js"></SCRIPT>`, true},
		"an article":                      {nav + `<h1>滩涂上的早晨</h1>` + body + foot + app, false},
		"an empty page without scripts":   {nav + foot, false},
		"a list of links":                 {nav + links + foot + app, false},
		"nothing":                         {"", false},
	} {
		if got := extract.NeedsScripts([]byte(c.page), "text/html; charset=utf-8", "http://www.yuncheng.example/n/1.html"); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
