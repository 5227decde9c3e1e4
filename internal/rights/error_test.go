package rights_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"rightsdesk/internal/rights"
)

func TestError(t *testing.T) {
	for _, tt := range []struct {
		name         string
		err          error
		text, detail string
		kind         rights.Kind
	}{
		{"a format", rights.Errorf(rights.NotFound, "没有编号为 %s 的案件", "RD2026-0001"), "没有编号为 RD2026-0001 的案件", "没有编号为 RD2026-0001 的案件", rights.NotFound},
		{"a cause stays out of the detail", rights.Errorf(rights.Unavailable, "无法取得网页").Because(io.EOF), "无法取得网页: EOF", "无法取得网页", rights.Unavailable},
		{"a wrapped cause is part of it", rights.Errorf(rights.Invalid, "读不到：%w", io.EOF), "读不到：EOF", "读不到：EOF", rights.Invalid},
		{"fields", &rights.Error{Kind: rights.Invalid, Detail: "稿件信息有误", Fields: []rights.Field{{Name: "paper", Detail: "缺少此项"}}}, "稿件信息有误; paper: 缺少此项", "稿件信息有误", rights.Invalid},
		{"inside another error", fmt.Errorf("read: %w", rights.Errorf(rights.Conflict, "已被改动")), "read: 已被改动", "已被改动", rights.Conflict},
	} {
		e, ok := errors.AsType[*rights.Error](tt.err)
		if !ok || tt.err.Error() != tt.text || e.Detail != tt.detail || rights.KindOf(tt.err) != tt.kind {
			t.Errorf("%s: %q, detail %q, kind %d", tt.name, tt.err, e.Detail, rights.KindOf(tt.err))
		}
	}
	if !errors.Is(rights.Errorf(rights.Unavailable, "无法取得网页").Because(io.EOF), io.EOF) {
		t.Error("the cause cannot be found")
	}
	if rights.KindOf(io.EOF) != rights.Internal || rights.KindOf(nil) != rights.Internal {
		t.Error("what nobody classified is Internal")
	}
}
