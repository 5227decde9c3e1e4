package demo

import (
	"net/netip"
	"path/filepath"
	"time"

	"rightsdesk/config"
)

// Config is the configuration of the demo with dir as its data folder; the key
// lies beside it. address, host:port, is where [Sample.Handler] is served.
func (s *Sample) Config(dir, address string) config.Config {
	c := config.Default()
	c.Data, c.KeyFile = dir, filepath.Clean(dir)+".key"
	c.Paper = paper()
	c.OwnHosts = []string{"linjiang.example"}
	c.Fetch.UserAgent = "Rightsdesk-Demo/1.0 (+http://www.linjiang.example/; banquan@linjiang.example)"
	c.Fetch.Delay = 50 * time.Millisecond
	c.Fetch.Allow = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	c.Fetch.Resolver = map[string]string{}
	for _, host := range s.Hosts() {
		c.Fetch.Resolver[host] = address
	}
	c.Licences = []config.Licence{{ID: "LJ-XK-2026-001", Licensee: "青石县融媒体中心", Hosts: []string{"news.qingshi.example"}, From: "2026-01-01"}}
	for _, site := range s.Sites {
		c.Sources = append(c.Sources, s.source(site))
	}
	return c
}

func paper() config.Paper {
	return config.Paper{
		Name: Paper, Aliases: []string{"临江日报客户端", "临江新闻网"},
		Owner: "临江日报社", IDNumber: "00000000LINJIANG00", Representative: "周既明",
		Address: "澜江省临江市望江区滨河路1号", Postcode: "000000",
		Contact: "版权管理部 沈知远", Phone: "000-00000000", Email: "banquan@linjiang.example", Website: "http://" + EPaperHost + "/",
	}
}

func (s *Sample) source(site *Site) config.Source {
	src := config.Source{ID: site.ID, Name: site.Name, Kind: site.Kind, Cron: site.Cron, Operator: site.Operator}
	if site.Kind != "urls" {
		src.URL = "http://" + site.Host + site.List
		return src
	}
	for _, p := range s.Pages {
		if p.Site == site {
			src.URLs = append(src.URLs, p.URL())
		}
	}
	return src
}
