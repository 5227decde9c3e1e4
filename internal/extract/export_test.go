package extract

import "strings"

// ParsedText is the visible text of a page as the parser's tree has it.
func ParsedText(raw []byte, contentType string) string {
	text, _ := Decode(raw, contentType)
	return strings.Join(lines(parse(text)), "\n")
}

// Resolve makes an address absolute as screening does and as a URL parser does.
func Resolve(base, href string) (fast, slow string) {
	u := baseOf(base, "")
	p := page{base: u}
	return newResolver(u).resolve(href), p.resolve(href)
}
