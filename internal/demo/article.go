package demo

import (
	"fmt"
	"time"

	"rightsdesk/internal/rights"
)

// The paper's issue.
const (
	Paper     = "临江日报"
	IssueDate = "2026-01-07"
	issuePath = "/html/2026-01/07/"
	// EPaperHost serves the issue as the paper's e-paper.
	EPaperHost = "epaper.linjiang.example"
)

// Article is an article of the issue.
type Article struct {
	Name       string       `yaml:"-"`    // of its file: 01-bridge
	Page       string       `yaml:"page"` // 01
	Kicker     string       `yaml:"kicker"`
	Headline   string       `yaml:"headline"`
	Subtitle   string       `yaml:"subtitle"`
	Credit     string       `yaml:"credit"` // the line under the headline; empty where the text itself says it
	Topic      rights.Topic `yaml:"topic"`
	Genre      rights.Genre `yaml:"genre"`
	Strong     string       `yaml:"strong"` // a reservation printed with the article
	Web        time.Time    `yaml:"web"`    // set: the online desk published it, and exports it with topic and time
	Paragraphs []string     `yaml:"-"`

	number int // on its page
}

func (s *Sample) addArticle(name string, head []byte, lines []string) error {
	a := &Article{Name: name, Paragraphs: lines, number: 1}
	if err := strict(head, a); err != nil {
		return err
	}
	for _, other := range s.Articles {
		if other.Page == a.Page {
			a.number++
		}
	}
	s.Articles = append(s.Articles, a)
	s.articles[name] = a
	return nil
}

// ID is the article's ID in the register.
func (a *Article) ID() string { return rights.ArticleID(Paper, IssueDate, a.Page, a.Headline) }

// URL is where the paper's e-paper has the article.
func (a *Article) URL() string { return "http://" + EPaperHost + issuePath + a.file() }

func (a *Article) file() string {
	return fmt.Sprintf("content_20260107_%s_%d.htm", a.Page, a.number)
}

// online reports whether the online desk exports the article.
func (a *Article) online() bool { return !a.Web.IsZero() }

// Section is the name of the article's page.
func (a *Article) Section() string {
	switch a.Page {
	case "01":
		return "要闻"
	case "02":
		return "民生·城事"
	case "03":
		return "特写·人物"
	default:
		return "文化·副刊"
	}
}

// record is the article as the online desk exports it.
func (a *Article) record() rights.Article {
	at := a.Web.UTC()
	r := rights.Article{
		Paper: Paper, IssueDate: IssueDate, PageNo: a.Page, PageName: a.Section(),
		Headline: a.Headline, Kicker: a.Kicker, Subtitle: a.Subtitle, CreditLine: a.Credit,
		Genre: a.Genre, Topic: a.Topic, URL: a.URL(), EPaperAt: &at, WebAt: &at, Paragraphs: a.Paragraphs,
		Reservations: []rights.Reservation{{Text: siteNotice, Strength: rights.StrengthWeak}},
	}
	if a.Strong != "" {
		r.Reservations = append(r.Reservations, rights.Reservation{Text: a.Strong, Strength: rights.StrengthStrong})
	}
	return r
}

// siteNotice stands in the footer of every page of the e-paper.
const siteNotice = "声明：凡本站享有著作权的稿件，未经书面授权，其他网站和信息服务提供者不得转载。"
