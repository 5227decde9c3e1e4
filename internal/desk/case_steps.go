package desk

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"rightsdesk/internal/casework"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
	"rightsdesk/policies"
)

// localTime is how a browser gives a day and time.
const localTime = "2006-01-02T15:04"

// moveCase takes the step of the path.
func (d *desk) moveCase(c echo.Context, v *visit) error {
	form := c.Request().PostForm
	version, err := versionOf(form.Get("version"))
	if err != nil {
		return err
	}
	m := casework.Move{
		Name: c.Param("name"), Reason: strings.TrimSpace(form.Get("reason")), Version: version, Demand: policies.Demand(form.Get("demand")),
	}
	if m.Name == "send" {
		if m.Sending, err = sending(c); err != nil {
			return d.caseAgain(c, v, err)
		}
	}
	if _, err := d.Cases.Move(c.Request().Context(), v.actor, c.Param("id"), m); err != nil {
		return d.caseAgain(c, v, err)
	}
	return done(c, "moved", "/desk/cases/"+c.Param("id"))
}

func sending(c echo.Context) (*rights.Sending, error) {
	form := c.Request().PostForm
	at, err := time.ParseInLocation(localTime, form.Get("at"), rights.China)
	if err != nil {
		return nil, &rights.Error{Kind: rights.Invalid, Detail: "发函信息不完整", Fields: []rights.Field{{Name: "sending.at", Detail: "请填写发出的日期和时间"}}}
	}
	return &rights.Sending{
		At: at.UTC(), To: strings.TrimSpace(form.Get("to")), How: rights.Channel(form.Get("how")),
		Detail: strings.TrimSpace(form.Get("detail")),
	}, nil
}

// answer keeps the answers of a form to every question that was answered
// otherwise than before.
func (d *desk) answer(c echo.Context, v *visit) error {
	ctx, id, form := c.Request().Context(), c.Param("id"), c.Request().PostForm
	k, err := d.fresh(ctx, id, form.Get("version"))
	if err != nil {
		return d.caseAgain(c, v, err)
	}
	given, err := answers(c, k)
	if err != nil {
		return d.caseAgain(c, v, err)
	}
	for _, a := range given {
		if _, err := d.Cases.Answer(ctx, v.actor, id, a); err != nil {
			return d.caseAgain(c, v, err)
		}
	}
	return done(c, "answered", "/desk/cases/"+id)
}

// answers reads what is new in the form, and names every answer that lacks its
// reason before any is kept.
func answers(c echo.Context, k *rights.Case) ([]rights.Answer, error) {
	form := c.Request().PostForm
	var list []rights.Answer
	var faults []rights.Field
	for _, q := range form["question"] {
		applies, reason := form.Get("applies-"+q), strings.TrimSpace(form.Get("reason-"+q))
		if applies == "" {
			if reason != "" {
				faults = append(faults, rights.Field{Name: q, Detail: "写了理由，但没有选择是否适用"})
			}
			continue
		}
		a := rights.Answer{Question: q, Applies: applies == "yes", Reason: reason}
		if known(k.Answers, a) {
			continue
		}
		if reason == "" {
			faults = append(faults, rights.Field{Name: q, Detail: "请写明理由"})
		}
		list = append(list, a)
	}
	if faults != nil {
		return nil, &rights.Error{Kind: rights.Invalid, Detail: "答复不完整，尚未保存", Fields: faults}
	}
	if list == nil {
		return nil, rights.Errorf(rights.Invalid, "没有新的答复")
	}
	return list, nil
}

func known(answers []rights.Answer, a rights.Answer) bool {
	for _, b := range answers {
		if b.Question == a.Question && b.Applies == a.Applies && b.Reason == a.Reason {
			return true
		}
	}
	return false
}

// operator corrects who runs the site.
func (d *desk) operator(c echo.Context, v *visit) error {
	ctx, id, form := c.Request().Context(), c.Param("id"), c.Request().PostForm
	if _, err := d.fresh(ctx, id, form.Get("version")); err != nil {
		return d.caseAgain(c, v, err)
	}
	text := func(name string) string { return strings.TrimSpace(form.Get(name)) }
	_, err := d.Cases.SetOperator(ctx, v.actor, id, rights.Operator{
		Name: text("name"), Role: rights.OperatorRole(form.Get("role")), Media: form.Get("media") != "",
		ICP: text("icp"), Contact: text("contact"), Address: text("address"), Email: text("email"),
	})
	if err != nil {
		return d.caseAgain(c, v, err)
	}
	return done(c, "operator", "/desk/cases/"+id)
}

// writeReport writes the letter of the case.
func (d *desk) writeReport(c echo.Context, v *visit) error {
	if _, err := d.Cases.Report(c.Request().Context(), v.actor, c.Param("id")); err != nil {
		return d.caseAgain(c, v, err)
	}
	return done(c, "reported", "/desk/cases/"+c.Param("id")+"#reports")
}

// caseAgain shows the case as it is now, with what was wrong and what was
// typed.
func (d *desk) caseAgain(c echo.Context, v *visit, err error) error {
	p, err := refused(c, v, err)
	if err != nil {
		return err
	}
	return d.showCase(c, v, p)
}

// fresh is the case, where nobody changed it since the form was shown.
func (d *desk) fresh(ctx context.Context, id, version string) (*rights.Case, error) {
	want, err := versionOf(version)
	if err != nil {
		return nil, err
	}
	var k *rights.Case
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		k, err = tx.Case(ctx, id)
		return err
	})
	if err == nil && k.Version != want {
		return nil, rights.Errorf(rights.Conflict, "案件 %s 刚被他人更新，请核对后重新提交", id)
	}
	return k, err
}

// versionOf reads the version that every form carries.
func versionOf(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		return 0, rights.Errorf(rights.Invalid, "表单缺少版本号，请刷新页面后重试")
	}
	return n, nil
}
