// Package metrics holds the figures of a process for Prometheus.
package metrics

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"rightsdesk/internal/index"
	"rightsdesk/internal/rights"
	"rightsdesk/internal/store"
)

// Metrics counts what the process does. A nil one counts nothing.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	sweeps   *prometheus.CounterVec
	pages    *prometheus.CounterVec
}

// New returns the figures of this process and of the Go runtime.
func New() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "rightsdesk_http_request_seconds", Help: "Time to answer a request, by route and status.",
			Buckets: []float64{.005, .025, .1, .5, 2, 10, 60},
		}, []string{"method", "route", "status"}),
		sweeps: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "rightsdesk_sweeps_total", Help: "Sweeps that this process ended, by source and result.",
		}, []string{"source", "result"}),
		pages: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "rightsdesk_pages_total", Help: "What the sweeps of this process saw, by source: pages, unchanged ones, candidates, matches, cases, faults.",
		}, []string{"source", "what"}),
	}
	m.registry.MustRegister(m.requests, m.sweeps, m.pages,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Request counts an answered request. The route is the pattern, not the path,
// which may hold secrets.
func (m *Metrics) Request(method, route string, status int, took time.Duration) {
	if m != nil {
		m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
	}
}

// Swept counts a sweep that ended, well or not.
func (m *Metrics) Swept(s *rights.Sweep, err error) {
	if m == nil || s == nil {
		return
	}
	result := "ended"
	if err != nil {
		result = "failed"
	}
	m.sweeps.WithLabelValues(s.SourceID, result).Inc()
	for what, n := range map[string]int{
		"pages": s.Pages, "unchanged": s.Unchanged, "candidates": s.Candidates, "matches": s.Matches, "cases": s.Cases, "faults": s.Faults,
	} {
		m.pages.WithLabelValues(s.SourceID, what).Add(float64(n))
	}
}

// Handler answers with all figures in Prometheus' format.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry, MaxRequestsInFlight: 4})
}

// Watch adds the figures of the database and of the index, which are read when
// they are asked for.
func (m *Metrics) Watch(db *store.DB, x *index.Index, log *slog.Logger) error {
	return m.registry.Register(&state{
		db: db, index: x, log: log,
		jobs:     prometheus.NewDesc("rightsdesk_jobs_pending", "Jobs that wait or run, on all machines.", nil, nil),
		cases:    prometheus.NewDesc("rightsdesk_cases", "Cases, by state.", []string{"state"}, nil),
		articles: prometheus.NewDesc("rightsdesk_index_articles", "Articles in the index of this process.", nil, nil),
		register: prometheus.NewDesc("rightsdesk_register_articles", "Articles in the register.", nil, nil),
		up:       prometheus.NewDesc("rightsdesk_database_up", "1 where the database answered.", nil, nil),
	})
}

// state reads the figures of the database and of the index.
type state struct {
	db                                  *store.DB
	index                               *index.Index
	log                                 *slog.Logger
	jobs, cases, articles, register, up *prometheus.Desc
}

// Describe is part of [prometheus.Collector].
func (s *state) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{s.jobs, s.cases, s.articles, s.register, s.up} {
		ch <- d
	}
}

// patience is how long the database may take.
const patience = 5 * time.Second

// Collect is part of [prometheus.Collector].
func (s *state) Collect(ch chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v int, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(v), labels...)
	}
	gauge(s.articles, s.index.Len())
	ctx, cancel := context.WithTimeout(context.Background(), patience) //nolint:forbidigo // the interface has none
	defer cancel()
	var jobs, register int
	var cases map[rights.CaseState]int
	err := s.db.View(ctx, func(tx *store.Tx) (err error) {
		if jobs, err = tx.JobsPending(ctx); err != nil {
			return err
		}
		if register, err = tx.CountArticles(ctx); err != nil {
			return err
		}
		cases, err = tx.CaseCounts(ctx)
		return err
	})
	if err != nil {
		s.log.ErrorContext(ctx, "the figures of the database cannot be read", slog.Any("error", err))
		gauge(s.up, 0)
		return
	}
	gauge(s.up, 1)
	gauge(s.jobs, jobs)
	gauge(s.register, register)
	for state, n := range cases {
		gauge(s.cases, n, string(state))
	}
}
