package main

import (
	"context"
	"errors"
	"fmt"

	"rightsdesk/config"
	"rightsdesk/internal/fetch"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/schedule"
	"rightsdesk/internal/store"
)

// putSources makes the store's sources of the configuration those that the
// configuration names. What they were swept at stays.
func putSources(ctx context.Context, tx *store.Tx, wanted []config.Source) error {
	have, err := tx.Sources(ctx)
	if err != nil {
		return err
	}
	old := map[string]rights.Source{}
	for _, s := range have {
		old[s.ID] = s
	}
	for i, w := range wanted {
		s := rights.Source{
			ID: w.ID, Name: w.Name, Kind: rights.SourceKind(w.Kind), URL: w.URL, URLs: w.URLs, Selector: w.Selector, Cron: w.Cron, Zone: w.Zone, Render: w.Render, Rules: rights.Rules(w.Rules),
			Operator: rights.Operator{
				Name: w.Operator.Name, Role: rights.OperatorRole(w.Operator.Role), Media: w.Operator.Media, ICP: w.Operator.ICP,
				Contact: w.Operator.Contact, Address: w.Operator.Address, Email: w.Operator.Email,
			},
			Origin: rights.OriginConfig, Paused: old[w.ID].Paused, LastSwept: old[w.ID].LastSwept, CreatedAt: old[w.ID].CreatedAt,
		}
		if have, ok := old[w.ID]; ok && have.Origin != rights.OriginConfig {
			return fmt.Errorf("sources[%d].id: %q was added through the API; delete it there, or choose another", i, w.ID)
		}
		if err := s.Validate(); err != nil {
			return fmt.Errorf("sources[%d]: %w", i, err)
		}
		if s.Cron != "" {
			if err := schedule.CheckCron(s.Cron); err != nil {
				return fmt.Errorf("sources[%d].cron: %w", i, err)
			}
		}
		if err := errors.Join(schedule.CheckZone(s.Zone), checkSelector(s.Selector)); err != nil {
			return fmt.Errorf("sources[%d]: %w", i, err)
		}
		if err := tx.PutSource(ctx, &s); err != nil {
			return err
		}
		delete(old, w.ID)
	}
	for id, s := range old {
		if s.Origin == rights.OriginConfig {
			if err := tx.DeleteSource(ctx, id); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkSelector(selector string) error {
	if selector == "" {
		return nil
	}
	return fetch.CheckSelector(selector)
}
