package replay

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// player has the state between steps.
type player struct {
	opt    Options
	sender sender
	tokens *tokens
	ids    ids
	failer failer
	record *recorder
	last   exchange // the latest call
}

// Run plays the scenario and reports. Its error means that playing was not possible;
// differences are in the report. When ctx ends, the report has the steps that were played.
func Run(ctx context.Context, o Options) (Report, error) {
	p, err := o.player()
	if err != nil {
		return Report{}, err
	}
	defer p.sender.client.CloseIdleConnections()
	report := Report{allow: o.Allow}
	err = p.playAll(ctx, &report)
	report.finish()
	return report, errors.Join(err, p.failer.clear())
}

func (p *player) playAll(ctx context.Context, report *Report) error {
	for {
		s, err := p.opt.Scenario.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading the scenario: %w", err)
		}
		if s.N < p.opt.From || p.opt.To > 0 && s.N > p.opt.To {
			continue
		}
		result, err := p.play(ctx, s)
		if err != nil {
			return fmt.Errorf("step %d %s: %w", s.N, s.Name, err)
		}
		report.note(p.failer.missing(s))
		if p.reported(s) {
			report.add(result)
		}
	}
}

func (p *player) reported(s Step) bool {
	return p.opt.Only == nil || p.opt.Only.MatchString(s.Name) || p.opt.Only.MatchString(s.Label())
}

// play plays one step. Its error ends the run.
func (p *player) play(ctx context.Context, s Step) (Result, error) {
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	start := time.Now()
	v, err := p.judgeStep(ctx, s)
	if err == nil {
		err = p.record.note(s, p.last)
	}
	if err != nil {
		return Result{}, err
	}
	r := Result{N: s.N, Name: s.Name, Method: s.Label(), Class: v.class, Detail: v.detail, Took: time.Since(start)}
	if p.opt.Schemas != nil && v.answered != nil {
		r.Schema = schemaProblems(p.opt.Schemas, v.answered)
	}
	if slices.Contains(p.opt.Show, s.N) {
		r.Diff = v.diff(s)
	}
	return r, nil
}

func (p *player) judgeStep(ctx context.Context, s Step) (verdict, error) {
	if s.Wait != nil {
		return p.wait(ctx, s), nil
	}
	if err := p.failer.before(s); err != nil {
		return verdict{}, err
	}
	until := time.Now().Add(p.opt.Settle)
	for {
		v := p.ask(ctx, s)
		if !v.class.Differs() || !looks(s) || p.opt.Allow.has(s) || !time.Now().Before(until) || ctx.Err() != nil {
			return v, nil
		}
		time.Sleep(p.opt.PollEvery)
	}
}

// looks tells whether a call only reads, and may be repeated until what it shows has become as
// recorded.
func looks(s Step) bool { return !s.Withheld() && strings.HasSuffix(s.Method, ".info") }

// ask makes one call and compares its answer.
func (p *player) ask(ctx context.Context, s Step) verdict {
	request := p.ids.request(s, p.tokens.rewrite(fill(s.Request, p.opt.Set)))
	got, err := p.sender.send(ctx, s.Name, s.Raw, request)
	p.last = exchange{step: s, request: request, answer: got}
	if err != nil {
		return verdict{class: Broken, detail: err.Error()}
	}
	p.tokens.learn(s, got)
	return p.judge(s, got)
}
