package main

import (
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rightsdesk/internal/rights"
	"rightsdesk/internal/tsa"
)

func TestBundle(t *testing.T) {
	t.Parallel()
	file, data := full(t)
	id, dir := "RD"+time.Now().In(rights.China).Format("2006")+"-0001", t.TempDir()
	out := filepath.Join(dir, "a.wacz")
	code, printed, errs := command(t.Context(), t, "--config", file, "bundle", id, "--out", out)
	if code != 1 || !strings.Contains(printed, "没有配置时间戳机构") {
		t.Errorf("without authorities: status %d\n%s%s", code, printed, errs)
	}
	a, err := tsa.New("云章")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	roots := filepath.Join(dir, "roots.pem")
	if err := os.WriteFile(roots, a.RootPEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	setting, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	setting = fmt.Appendf(setting, "time_stamps: [{id: yunzhang, url: %q, roots: %q}]\n", server.URL, roots)
	if err := os.WriteFile(file, setting, 0o600); err != nil {
		t.Fatal(err)
	}
	if code, printed, errs := command(t.Context(), t, "--config", file, "bundle", id, "--out", out); code != 1 || !strings.Contains(errs, "is there already") {
		t.Errorf("onto a file: status %d\n%s%s", code, printed, errs)
	}
	out = filepath.Join(dir, "b.wacz")
	if code, printed, errs := command(t.Context(), t, "--config", file, "bundle", id, "--out", out); code != 0 || !strings.Contains(printed, "SHA-256") {
		t.Fatalf("status %d\n%s%s", code, printed, errs)
	}
	for _, tt := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"verify", out, "--roots", roots}, 0, "all is as it was written"},
		{[]string{"verify", out}, 1, "is not trusted"},
		{[]string{"verify", file}, 1, "not a bundle"},
		{[]string{"verify", "--dir", data, "--roots", roots}, 0, "all is as it was written"},
		{[]string{"--config", file, "bundle", "RD2000-0001"}, 1, "RD2000-0001"},
	} {
		if code, printed, errs := command(t.Context(), t, tt.args...); code != tt.code || !strings.Contains(printed+errs, tt.want) {
			t.Errorf("%v: status %d\n%s%s", tt.args, code, printed, errs)
		}
	}
}
