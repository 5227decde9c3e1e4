package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"rightsdesk/internal/fetch"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/schedule"
	"rightsdesk/internal/store"
)

func (a *api) sources(c echo.Context) error {
	q := queryOf(c, "limit", "offset")
	limit, offset := q.page(mostItems)
	if err := q.err(); err != nil {
		return err
	}
	var all []rights.Source
	err := a.view(c, func(tx *store.Tx) (err error) {
		all, err = tx.Sources(c.Request().Context())
		return err
	})
	if err != nil {
		return err
	}
	return respond(c, http.StatusOK, cut(all, limit, offset))
}

func (a *api) source(c echo.Context) error {
	var s *rights.Source
	err := a.view(c, func(tx *store.Tx) (err error) {
		s, err = tx.Source(c.Request().Context(), c.Param("id"))
		return err
	})
	if err != nil {
		return err
	}
	return respond(c, http.StatusOK, s)
}

func (a *api) addSource(c echo.Context) error {
	var s rights.Source
	if err := decode(c, &s); err != nil {
		return err
	}
	s = rights.Source{ID: s.ID, Name: s.Name, Kind: s.Kind, URL: s.URL, URLs: s.URLs, Selector: s.Selector, Cron: s.Cron, Zone: s.Zone, Render: s.Render, Rules: s.Rules, Operator: s.Operator, Origin: rights.OriginAPI}
	if err := checkSource(&s); err != nil {
		return err
	}
	err := a.changeSources(c, rights.Event{Subject: s.ID, Action: "source.added"}, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Source(ctx, s.ID)
		if err == nil {
			return rights.Errorf(rights.Conflict, "已有编号为 %s 的监测来源", s.ID)
		}
		if rights.KindOf(err) != rights.NotFound {
			return err
		}
		return tx.PutSource(ctx, &s)
	})
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, "/v1/sources/"+s.ID)
	return respond(c, http.StatusCreated, s)
}

func (a *api) changeSource(c echo.Context) error {
	var s rights.Source
	if err := decode(c, &s); err != nil {
		return err
	}
	if s.ID == "" {
		s.ID = c.Param("id")
	}
	if err := checkSource(&s); err != nil {
		return err
	}
	if s.ID != c.Param("id") {
		return &rights.Error{Kind: rights.Invalid, Detail: "监测来源信息有误", Fields: []rights.Field{{Name: "id", Detail: "与地址中的编号不同"}}}
	}
	err := a.changeSources(c, rights.Event{Subject: s.ID, Action: "source.changed"}, func(ctx context.Context, tx *store.Tx) error {
		was, err := ours(ctx, tx, s.ID)
		if err != nil {
			return err
		}
		s.Origin, s.Paused, s.LastSwept, s.CreatedAt = was.Origin, was.Paused, was.LastSwept, was.CreatedAt
		return tx.PutSource(ctx, &s)
	})
	if err != nil {
		return err
	}
	return respond(c, http.StatusOK, s)
}

func (a *api) deleteSource(c echo.Context) error {
	id := c.Param("id")
	err := a.changeSources(c, rights.Event{Subject: id, Action: "source.deleted"}, func(ctx context.Context, tx *store.Tx) error {
		if _, err := ours(ctx, tx, id); err != nil {
			return err
		}
		return tx.DeleteSource(ctx, id)
	})
	if err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// ours returns a source that may be changed here.
func ours(ctx context.Context, tx *store.Tx, id string) (*rights.Source, error) {
	s, err := tx.Source(ctx, id)
	if err != nil {
		return nil, err
	}
	if s.Origin == rights.OriginConfig {
		return nil, rights.Errorf(rights.Conflict, "监测来源 %s 由配置文件设定，只能在配置文件中修改", id)
	}
	return s, nil
}

// changeSources makes a change with its event, and lets the scheduler know.
func (a *api) changeSources(c echo.Context, e rights.Event, f func(context.Context, *store.Tx) error) error {
	ctx, by := c.Request().Context(), actor(c)
	e.Actor, e.Name = by.Login, by.Name
	err := a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := f(ctx, tx); err != nil {
			return err
		}
		return tx.AddEvent(ctx, &e)
	})
	if err != nil || a.Schedule == nil {
		return err
	}
	return a.Schedule.Reload(ctx)
}

// checkSource names every fault of a source that was sent.
func checkSource(s *rights.Source) error {
	var fields []rights.Field
	if err := s.Validate(); err != nil {
		var e *rights.Error
		if !errors.As(err, &e) {
			return err
		}
		fields = e.Fields
	}
	if s.Operator.Name == "" {
		fields = append(fields, rights.Field{Name: "operator.name", Detail: "缺少此项"})
	}
	if s.Cron != "" && schedule.CheckCron(s.Cron) != nil {
		fields = append(fields, rights.Field{Name: "cron", Detail: "不是五段式的 cron 表达式"})
	}
	if schedule.CheckZone(s.Zone) != nil {
		fields = append(fields, rights.Field{Name: "zone", Detail: "没有这个时区"})
	}
	if s.Selector != "" && fetch.CheckSelector(s.Selector) != nil {
		fields = append(fields, rights.Field{Name: "selector", Detail: "不是 CSS 选择器"})
	}
	if fields != nil {
		return &rights.Error{Kind: rights.Invalid, Detail: "监测来源信息有误", Fields: fields}
	}
	return nil
}
