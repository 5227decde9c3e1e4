package letters_test

import (
	"time"

	"rightsdesk/internal/letters"
	"rightsdesk/internal/rights"
)

const digest = "3b1f0c9e7a52d4486bb1c0de93ac775f10e2864d5fb90c3a7718e4d2960fbb5c"

func captured() time.Time { return time.Date(2026, 1, 8, 1, 2, 3, 0, time.UTC) }

func span(mark letters.Mark, text string) letters.Span { return letters.Span{Text: text, Mark: mark} }

// ready is a complete letter to a publisher about fictitious people and places.
func ready() *letters.Report {
	return &letters.Report{
		Number: "临报法函〔2026〕第0007号", Case: "RD2026-0007", Kind: rights.RolePublisher,
		Date: "2026-01-09", AnswerBy: "2026-01-23",
		Sender:        sender(),
		Recipient:     letters.Party{Name: "云渡信息技术有限公司", Role: "内容发布者", Address: "云渡市南湖区柳荫路9号", Email: "legal@yundu.example", Website: "www.yundu.example", ICP: "云ICP备00000001号-1"},
		Articles:      []letters.Article{work()},
		Infringements: []letters.Infringement{copied()},
		Verdict:       verdict(),
		Against: []string{
			"所涉页面在文末标注了“来源：临江日报”，但标注来源不等于取得许可。",
			"作品的权利保留声明载于网站页脚，未随文刊登，其效力存在不同认识。",
		},
		Evidence: []letters.EvidenceRef{{
			URL: copied().URL, File: "evidence/2026/01/08/rd-000012.warc.gz", Offset: 204833, Length: 18211,
			SHA256: digest, RecordID: "<urn:uuid:5f1c8a7e-0000-4000-8000-2d1e6b0c9a11>", CapturedAt: captured(),
		}},
		Paragraphs: []string{
			"临江日报社系《临江日报》的出版单位，依法享有该报刊登的职务作品的著作权。经核查，贵方经营的网站在未取得临江日报社书面许可的情况下，登载了临江日报社享有著作权的作品。",
			"现就有关事实、依据及要求函告如下，请予重视并及时处理。",
		},
		Demands: []string{
			"自收到本函之日起三日内，停止登载并删除本函第四部分所列网络地址下的作品内容；",
			"如拟继续使用，请与临江日报社联系，依法取得书面许可并支付报酬；",
			"对改动后的标题予以更正，并标明作者姓名与作品出处。",
		},
		Statement:     "权利人保证本函所述内容及所附材料真实，并依法对其真实性承担责任。",
		Events:        []string{"2026年1月8日　发现并取证", "2026年1月9日　经复核确认"},
		PolicyVersion: "政策 2026-01-01",
		BundleSHA256:  digest,
	}
}

func sender() letters.Party {
	return letters.Party{
		Name: "临江日报社", IDNumber: "00000000LINJIANG00", Representative: "周既明", Address: "临江市望江区滨河路1号", Postcode: "000000",
		Contact: "法务部 沈知远", Phone: "000-0000000", Email: "banquan@linjiang.example", Website: "www.linjiang.example",
		LawFirm: "临江听涛律师事务所", Lawyer: "顾闻笙", LicenceNo: "00000000000000000", Authority: "2026年1月8日授权委托书（仅限本函）",
	}
}

func work() letters.Article {
	return letters.Article{
		ID: "a-1f2e3d4c5b6a7988", Paper: "临江日报", IssueDate: "2026-01-07", PageNo: "02", PageName: "要闻·综合",
		Headline: "老码头的灯又亮了", Subtitle: "——临江旧港改造一年间", Bylines: []string{"何小满", "罗听雨"}, CreditLine: "本报记者",
		URL: "https://epaper.linjiang.example/html/2026-01/07/content_20260107_02_3.htm", FirstPublished: "2026-01-07",
		Standing: []letters.Standing{{
			Owner: "临江日报社", Basis: "《中华人民共和国著作权法》第十八条第二款第二项（报社工作人员职务作品）",
			Document: "劳动合同 LJ-2019-044、LJ-2021-017", VerifiedBy: "沈知远", VerifiedAt: "2026-01-08",
		}},
		Reservation: "本版文字未经授权不得转载（随版刊登，中）",
	}
}

func copied() letters.Infringement {
	return letters.Infringement{
		URL: "https://www.yundu.example/news/2026/0107/8812.html?from=channel&id=8812#p1", PageTitle: "旧码头亮灯了！网友：太美",
		CapturedAt: captured(), Coverage: 0.931, PageCoverage: 0.874, LongestRun: 312, MatchedChars: 1186,
		Attribution: letters.Attribution{SourceFound: true, Source: "临江日报"},
		Passages: []letters.Passage{{
			Ours: []letters.Span{
				span(letters.Equal, "傍晚六点，旧港三号码头的"), span(letters.Changed, "第一盏"), span(letters.Equal, "灯亮了。"),
				span(letters.Missing, "守灯人老秦站在栈桥尽头，"), span(letters.Equal, "“这盏灯，我等了十二年。”他说。江面上最后一班轮渡正缓缓靠岸，汽笛声惊起一群白鹭。"),
			},
			Theirs: []letters.Span{
				span(letters.Equal, "傍晚六点，旧港三号码头的"), span(letters.Changed, "首盏"), span(letters.Equal, "灯亮了。"),
				span(letters.Equal, "“这盏灯，我等了十二年。”他说。江面上最后一班轮渡正缓缓靠岸，汽笛声惊起一群白鹭"), span(letters.Added, "，引得路人纷纷拍照"), span(letters.Equal, "。"),
			},
		}, {
			Ours:   []letters.Span{span(letters.Equal, "据市住建部门介绍，改造工程历时"), span(letters.Changed, "11"), span(letters.Equal, "个月，修缮历史建筑7处、步道2.4公里，保留了原有的木栈桥、信号塔与候船厅。\n“修旧如旧，不是把它变新。”项目负责人说。")},
			Theirs: []letters.Span{span(letters.Equal, "据市住建部门介绍，改造工程历时"), span(letters.Changed, "12"), span(letters.Equal, "个月，修缮历史建筑7处、步道2.4公里，保留了原有的木栈桥、信号塔与候船厅。\n“修旧如旧，不是把它变新。”项目负责人说。")},
		}},
	}
}

func verdict() letters.Verdict {
	return letters.Verdict{
		Rule: "I03", Name: "未署作者姓名的转载", Outcome: "发函要求停止登载或者取得许可", Severity: "S3",
		Findings: []letters.Finding{
			{
				Rule: "I03", Clause: "C5", ClauseText: "其他网站和信息服务不得在没有书面许可的情况下转载本站享有著作权的文章。", Basis: "《中华人民共和国著作权法》第十条第一款第二项、第五十三条第一项",
				Text: "所涉页面登载作品主要内容，标注了来源，未标注作者姓名。", Values: []string{"相同比例 93.1%", "来源 已标注", "作者 未标注"},
			},
			{Rule: "I05", Basis: "《信息网络传播权保护条例》第二条、第十八条第一项", Text: "所涉页面更换了作品标题，是否改变原意由复核人员判断。", Values: []string{"标题相似度 0.31"}},
		},
	}
}
