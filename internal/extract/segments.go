package extract

import (
	"regexp"
	"strings"

	"rightsdesk/internal/rights"
)

// wire is an agency named in a credit line.
func wire(s string) string {
	m := wireName.FindString(s)
	switch m {
	case "中新网":
		return "中国新闻社"
	case "新华网":
		return "新华社"
	}
	return m
}

var wireDateline = regexp.MustCompile(`^[\s（(]*(?:据)?(新华社|中新社|中国新闻社|中新网|新华网|人民日报|法新社|路透社|美联社)[^，。\n]{0,24}?(?:电|讯|消息|报道)`)

var ownDateline = regexp.MustCompile(`^[\s（(]*本报(?:[\p{Han}]{0,8}?)(?:\d+月\d+日)?(?:讯|电|综合)`)

var wireTail = regexp.MustCompile(`[（(]?(?:据)?(新华社|中新社|中新网|新华网)(?:记者.{0,12}摄|发|供图|供稿|电|稿)[）)]?$`)

// Segments derives who owns which part of an article from its credit line, its
// byline and the datelines of its paragraphs. Nothing it returns is verified: a
// person does that. Why is in Chinese.
func Segments(a *rights.Article) []rights.Segment {
	current := credited(a)
	var out []rights.Segment
	offset := 0
	for i, paragraph := range a.Paragraphs {
		end := offset + runes(paragraph)
		if i < len(a.Paragraphs)-1 {
			end++ // the line feed belongs to the paragraph before it
		}
		here := current
		if m := wireDateline.FindStringSubmatch(paragraph); m != nil {
			current = wireSegment(wire(m[1]), "段首电头为“"+strings.TrimSpace(m[0])+"”")
			here = current
		} else if m := ownDateline.FindString(paragraph); m != "" {
			current = rights.Segment{Owner: rights.OwnerStaff, Basis: rights.BasisStaff, Why: "段首电头为“" + strings.TrimSpace(m) + "”，推定为本报职务作品，待核实"}
			here = current
		} else if m := wireTail.FindStringSubmatch(paragraph); m != nil {
			here = wireSegment(wire(m[1]), "段末署“"+m[0]+"”")
		}
		if last := len(out) - 1; last >= 0 && out[last].Owner == here.Owner && out[last].Holder == here.Holder {
			out[last].End = end
		} else if end > offset {
			here.Start, here.End = offset, end
			out = append(out, here)
		}
		offset = end
	}
	return out
}

func wireSegment(holder, why string) rights.Segment {
	return rights.Segment{Owner: rights.OwnerWire, Holder: holder, Basis: rights.BasisWire, Why: why + "，属通讯社或其他媒体稿件"}
}

// credited is the owner that credit line and byline speak of.
func credited(a *rights.Article) rights.Segment {
	credit := a.CreditLine
	own := ownCredit.MatchString(credit)
	contributor := strings.Contains(credit, "通讯员") || strings.Contains(credit, "特约") || strings.Contains(credit, "撰稿")
	unknown := func(why string) rights.Segment {
		return rights.Segment{Owner: rights.OwnerUnknown, Basis: rights.BasisUnknown, Why: why}
	}
	named := "署名为“" + credit + "”"
	switch {
	case wire(credit) != "" && !own:
		return wireSegment(wire(credit), "稿源为“"+credit+"”")
	case wire(credit) != "":
		return unknown(named + "，本报与其他媒体共同署名，权利归属须人工核实")
	case own && contributor:
		return unknown(named + "，本报记者与非本报人员共同署名，权利归属须人工核实")
	case own:
		return rights.Segment{Owner: rights.OwnerStaff, Basis: rights.BasisStaff, Why: named + "，推定为本报职务作品，待核实"}
	case strings.Contains(credit, "读者") || strings.Contains(credit, "来信"):
		return rights.Segment{Owner: rights.OwnerReader, Basis: rights.BasisUnknown, Holder: strings.Join(a.Bylines, " "), Why: named + "，属读者来稿，未见授权文件"}
	case contributor:
		return rights.Segment{Owner: rights.OwnerFreelance, Basis: rights.BasisUnknown, Holder: strings.Join(a.Bylines, " "), Why: named + "，属外部作者来稿，未见授权文件"}
	case strings.Contains(credit, "记者"):
		return rights.Segment{Owner: rights.OwnerStaff, Basis: rights.BasisStaff, Why: named + "，未写明所属媒体，推定为本报记者，待核实"}
	case strings.Contains(credit, "来源") || strings.HasPrefix(credit, "据"):
		return unknown(named + "，稿件另有来源，权利归属须人工核实")
	case strings.Contains(credit, "作者") || strings.Contains(credit, "文/"):
		return rights.Segment{Owner: rights.OwnerFreelance, Basis: rights.BasisUnknown, Holder: strings.Join(a.Bylines, " "), Why: named + "，未写明为本报人员，按外部作者处理"}
	case len(a.Bylines) > 0:
		return unknown("仅有姓名“" + strings.Join(a.Bylines, " ") + "”，未写明身份，权利归属须人工核实")
	}
	return unknown("没有署名和稿源，权利归属须人工核实")
}

var wireName = regexp.MustCompile(`新华社|新华网|中新社|中国新闻社|中新网|人民日报|中央广播电视总台|央视新闻|法新社|路透社|美联社|中国经济网|科技日报`)

var ownCredit = regexp.MustCompile(`本报(?:[\p{Han}]{0,6})?(?:记者|评论员|编辑部|讯|电)`)
