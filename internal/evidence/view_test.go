package evidence_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"rightsdesk/internal/evidence"
	"rightsdesk/internal/fetch"
	"rightsdesk/internal/rights"
)

const rendered = "<!DOCTYPE html>\n<p>临江大桥合龙，两岸灯火。</p>"

// view is a page as a browser drew it, for which the page asked for another.
func view(t *testing.T, f *fetch.Fetcher, cut string) *fetch.View {
	t.Helper()
	return &fetch.View{
		PNG: []byte("\x89PNG\r\n"), Text: "临江大桥合龙，两岸灯火。", HTML: []byte(rendered), Browser: "Chromium/1", At: time.Now(), Cut: cut,
		Exchanges: []*fetch.Exchange{get(t, f, "/moved")},
	}
}

// TestPutDrawn: a page as it was drawn is read back in the place of the one that was
// received, which stays beside it with all that was asked for.
func TestPutDrawn(t *testing.T) {
	dir := t.TempDir()
	here := evidence.Folder{Dir: dir}
	s, f := open(t, dir), fetcher(t)
	for _, cut := range []string{"", "time"} {
		plain := get(t, f, "/plain")
		ex := view(t, f, cut).Exchange(plain)
		ref := put(t, s, ex)
		r, err := here.Read(t.Context(), ref)
		if err != nil {
			t.Fatal(err)
		}
		if string(r.Body) != rendered || r.Header.Get("Content-Type") != "text/html; charset=utf-8" || r.Truncated != cut || !strings.HasSuffix(string(r.Raw), "临江大桥合龙") || r.URL != plain.FinalURL {
			t.Errorf("%+v", r)
		}
		bare := ref
		bare.Drawn = nil
		if r, err := here.Read(t.Context(), bare); err != nil || string(r.Body) != "临江大桥合龙" || r.Truncated != "" {
			t.Errorf("as it was received: %+v, %v", r, err)
		}
		parts, err := here.Parts(t.Context(), []evidence.Ref{ref}, nil)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range parts {
			if p.Record.Type == "response" || p.Record.Type == "resource" {
				got = append(got, strings.ReplaceAll(p.Record.URL, "http://www.site.example", ""))
			}
		}
		if want := []string{"/plain", "/moved", "/plain", "urn:page:/plain", "urn:fullPage:/plain", "urn:text:/plain"}; !slices.Equal(got, want) {
			t.Errorf("parts %v, want %v", got, want)
		}
	}
	sound(t, dir, 1+2*12)
}

// TestDrawnRefs: what is not the page that was drawn from a response is not read as
// that.
func TestDrawnRefs(t *testing.T) {
	dir := t.TempDir()
	here := evidence.Folder{Dir: dir}
	s, f := open(t, dir), fetcher(t)
	ref := put(t, s, view(t, f, "").Exchange(get(t, f, "/plain")))
	other := put(t, s, view(t, f, "").Exchange(get(t, f, "/plain")))
	for name, d := range map[string]rights.Drawn{
		"of another response": *other.Drawn,
		"the response itself": {Offset: ref.Offset, Length: ref.Length, SHA256: ref.SHA256, RecordID: ref.RecordID},
		"another digest":      {Offset: ref.Drawn.Offset, Length: ref.Drawn.Length, SHA256: strings.Repeat("0", 64), RecordID: ref.Drawn.RecordID},
		"another name":        {Offset: ref.Drawn.Offset, Length: ref.Drawn.Length, SHA256: ref.Drawn.SHA256, RecordID: "urn:uuid:0"},
		"before the file":     {Offset: -1, Length: ref.Drawn.Length, SHA256: ref.Drawn.SHA256, RecordID: ref.Drawn.RecordID},
		"longer than it":      {Offset: ref.Drawn.Offset, Length: 1 << 40, SHA256: ref.Drawn.SHA256, RecordID: ref.Drawn.RecordID},
	} {
		wrong := ref
		wrong.Drawn = &d
		if r, err := here.Read(t.Context(), wrong); rights.KindOf(err) != rights.Conflict {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}
